using Strake.Images;
using Strake.Layers.Archive;

namespace Strake.Layers;

/// <summary>
/// Makes image layers of writable ones where they lie: the files are read once, for the digest and the split record, and written not at all.
/// </summary>
/// <remarks>
/// <code>
/// written    the split record is there; the layer's record says still that it is writable       a restart removes the split record
/// synced     both are on the disk                                                               the same
/// committed  one transaction: the layer's record, its chain, and its owner, who has it no more  a restart keeps it, if something needs it
/// </code>
/// </remarks>
sealed class LayerSeal(IStorageDriver driver, LayerRecords records, LayerFiles files, LayerFlush flush, DetachedMounts mounts)
{
    /// <summary>What came of it.</summary>
    /// <param name="Layer">The layer, or one with the same content that was there; null: nothing was changed.</param>
    public sealed record Outcome(StoredLayer? Layer);

    /// <summary>Tries it.</summary>
    /// <param name="layer">A writable layer that nobody writes to any more.</param>
    /// <param name="ingest">Keeps the image's layer.</param>
    /// <param name="cancellationToken">Honoured until the layer is written to disk.</param>
    /// <returns>Null: this layer has to be copied, and is as it was.</returns>
    /// <exception cref="StrakeException">Conflict: it was written to meanwhile. Exhausted: the disk is full.</exception>
    public async Task<Outcome?> TryAsync(Layer layer, LayerIngest ingest, CancellationToken cancellationToken)
    {
        if (layer.Entry.Parents.Count >= LayerIngest.MostLayers) return null;
        var keepsSplit = false;
        FaultPoint.Reach("layer.seal.before");
        try
        {
            var written = await WriteSplitAsync(layer, cancellationToken);
            FaultPoint.Reach("layer.seal.written");
            if (written.DiffId == DiffId.Empty) return new Outcome(null);
            // What a tar cannot hold would be here, and nowhere else: a socket.
            if (written.Notes.Count > 0) return null;
            var entry = SealedOf(layer.Entry, written);
            if (await ingest.HoldAsync(entry.Chain!.Value, cancellationToken) is { } known) return new Outcome(known);
            await ingest.KeepAsync(entry.Chain.Value, cancellationToken);
            await FlushAsync(layer.Id, ingest.FailuresAtBegin);
            FaultPoint.Reach("layer.seal.synced");
            // Where the transaction fails the record alone knows whether it came to pass; a split record too many goes with its layer.
            keepsSplit = true;
            keepsSplit = await records.TrySealAsync(layer, entry);
            FaultPoint.Reach("layer.seal.committed");
            // Not: somebody else was faster with the chain, or has removed the layer. A copy finds out which.
            return keepsSplit ? new Outcome(entry.ToStored()) : null;
        }
        finally
        {
            if (!keepsSplit) files.RemoveSplit(layer.Id);
        }
    }

    async Task<WrittenLayer> WriteSplitAsync(Layer layer, CancellationToken cancellationToken)
    {
        await using var split = files.CreateSplit(layer.Id);
        var written = await LayerDiff.WriteTarAsync(
            driver.Content(layer.Id), [.. layer.Entry.Parents.Select(driver.Content)], Stream.Null, split, cancellationToken);
        await split.FlushAsync(cancellationToken);
        return written;
    }

    Task FlushAsync(LayerId id, int failuresAtBegin) => Task.Factory.StartNew(
        () =>
        {
            mounts.Release(id);
            flush.Seal([id], failuresAtBegin);
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    static LayerEntry SealedOf(LayerEntry writable, WrittenLayer written) => writable with
    {
        State = LayerState.Committed,
        Kind = LayerKind.Image,
        Chain = ChainId.Of(writable.ParentChain, written.DiffId),
        DiffId = written.DiffId,
        SizeBytes = written.Usage.SizeBytes,
        Inodes = written.Usage.Inodes,
        TarSizeBytes = written.TarSizeBytes,
        Owner = null,
        SizeLimitBytes = null,
    };
}
