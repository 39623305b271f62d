using Microsoft.Extensions.Logging;
using Strake.Layers.Archive;

namespace Strake.Layers;

/// <summary>
/// Mends the split record of a stored layer from the same layer received again: its files are those of the same tar, so a record of the one
/// is a record of the other.
/// </summary>
sealed partial class SplitRepair(LayerFiles files, ILogger logger)
{
    /// <summary>Whether a layer's split record is there, has both its ends, and is of the layer's tar. Reads some hundred bytes.</summary>
    public async ValueTask<bool> SeemsWholeAsync(Layer layer, CancellationToken cancellationToken)
    {
        try
        {
            await using var record = files.TryOpenSplit(layer.Id);
            return record is not null && (await SplitRecord.ReadTrailerAsync(record, cancellationToken)).DiffId == layer.Entry.DiffId;
        }
        catch (Exception e) when (e is StrakeException { Kind: ErrorKind.DataLoss } or IOException)
        {
            return false;
        }
    }

    /// <summary>As <see cref="SeemsWholeAsync"/>, and that each of its bytes is as it was written. Reads all of it.</summary>
    public async ValueTask<bool> IsWholeAsync(Layer layer, CancellationToken cancellationToken)
    {
        if (!await SeemsWholeAsync(layer, cancellationToken)) return false;
        try
        {
            await using var record = files.TryOpenSplit(layer.Id);
            if (record is null) return false;
            await SplitRecord.VerifyAsync(record, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is StrakeException { Kind: ErrorKind.DataLoss } or IOException)
        {
            return false;
        }
    }

    /// <summary>Gives a layer the split record of another that was made of the same tar. On disk on return.</summary>
    public async Task TakeOverAsync(Layer layer, Layer source, CancellationToken cancellationToken)
    {
        FaultPoint.Reach("layer.mend.before");
        await files.CopySplitAsync(source.Id, layer.Id, cancellationToken);
        FaultPoint.Reach("layer.mend.after");
        LogMended(logger, layer.Id);
    }

    [LoggerMessage(EventId = 30, Level = LogLevel.Warning, Message = "Layer {Id}: its split record was missing or damaged, and is taken from the layer that came again")]
    static partial void LogMended(ILogger logger, LayerId id);
}
