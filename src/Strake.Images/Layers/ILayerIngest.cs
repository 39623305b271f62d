namespace Strake.Images;

/// <summary>
/// Receives the layers of one or several images. Layers may be received in any order and several at once, before it is
/// known which chain they belong to; <see cref="CommitAsync"/> then lays them on one another. What was received and not
/// committed is removed on disposal.
/// </summary>
public interface ILayerIngest : IAsyncDisposable
{
    /// <summary>
    /// Reads one layer to its end in a single pass: recognises its compression, inflates, hashes, and writes its
    /// content where the driver wants it. Nothing of it is visible yet.
    /// </summary>
    /// <param name="source">The layer as it was stored or sent: tar, or tar in gzip, zstd, xz or bzip2. Read forward only; not closed.</param>
    /// <param name="expected">What the sender says of it; what is given is verified.</param>
    /// <param name="progress">Receives the number of bytes of <paramref name="source"/> read so far; may be null.</param>
    /// <param name="cancellationToken">Stops the transfer; what was written is removed with the ingest.</param>
    /// <exception cref="StrakeException">
    /// DataLoss: a digest or size does not match. Invalid: not a tar, damaged, or over a limit; names the entry.
    /// Exhausted: no space or no inodes left; names the file system.
    /// </exception>
    Task<LayerReceipt> ReceiveAsync(Stream source, LayerExpectation expected, IProgress<long>? progress, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps the layer that is already stored under <paramref name="chain"/> while this ingest is open.
    /// </summary>
    /// <param name="chain">A chain from an image's config.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>
    /// The layer, or null when its bytes must be received: the store does not have it, or could not give its tar back.
    /// </returns>
    ValueTask<StoredLayer?> HoldAsync(ChainId chain, CancellationToken cancellationToken);

    /// <summary>
    /// Lays the received layers on one another, lowest first, and records each under its chain. A layer whose chain is
    /// stored already is dropped in favour of that one, after it has mended what keeps that one from giving its tar back. Idempotent; after it returns the layers are durable.
    /// </summary>
    /// <param name="layers">
    /// All layers of an image, lowest first. A layer that <see cref="HoldAsync"/> found is given by its DiffID alone. A receipt may serve
    /// several places, of one image or of several that are committed one after the other.
    /// </param>
    /// <param name="cancellationToken">Honoured between two layers.</param>
    /// <returns>The chains, lowest first.</returns>
    Task<IReadOnlyList<ChainId>> CommitAsync(IReadOnlyList<ReceivedLayer> layers, CancellationToken cancellationToken);
}
