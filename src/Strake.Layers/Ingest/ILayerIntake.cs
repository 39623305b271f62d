using Strake.Images;

namespace Strake.Layers;

/// <summary>
/// How a layer gets from its bytes to its place. There are two ways, by the driver's trait: written at once, before it is known what it
/// lies on (<see cref="DirectIntake"/>), or kept as it came until its parents are there (<see cref="SpooledIntake"/>).
/// </summary>
interface ILayerIntake
{
    /// <summary>Reads a layer to its end and verifies it. What fails leaves nothing.</summary>
    Task<ReceivedContent> ReceiveAsync(Stream source, LayerExpectation expected, IProgress<long>? progress, CancellationToken cancellationToken);

    /// <summary>
    /// Lays a layer on its parents; it is complete then, <see cref="LayerState.Sealing"/>, and neither durable nor found by anybody. The
    /// same content may be laid in several places, and again in the same one, on other parents, if it was not committed there.
    /// </summary>
    /// <param name="content">What this intake received.</param>
    /// <param name="place">Where.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    Task<Layer> PlaceAsync(ReceivedContent content, LayerPlace place, CancellationToken cancellationToken);

    /// <summary>Gives up what was received: removes what waits in files, and tells the layers that were made of it.</summary>
    IReadOnlyList<Layer> Abandon(ReceivedContent content);
}
