using Strake.Images;
using Strake.Layers.Archive;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>What both intakes do with a layer's directory, record and split record.</summary>
sealed class LayerWriter(IStorageDriver driver, LayerRecords records, LayerFiles files, LayerFlush flush, LayerRemovals removals, ExpansionLimit limit)
{
    /// <summary>Makes an empty layer that is being filled.</summary>
    public async Task<Layer> CreateAsync(LayerPlace? place, CancellationToken cancellationToken)
    {
        var parents = place?.Parents ?? [];
        var entry = new LayerEntry { State = LayerState.Preparing, Kind = LayerKind.Image, Parents = parents, ParentChain = place?.Below?.Entry.Chain };
        var layer = await records.TryAddAsync(LayerId.New(), entry, cancellationToken)
            ?? throw StrakeException.Internal("a new layer's random id was taken");
        try
        {
            FaultPoint.Reach("layer.receive.recorded");
            driver.Create(layer.Id, parents);
            FaultPoint.Reach("layer.receive.created");
            return await records.ChangeAsync(layer, entry with { State = LayerState.Active });
        }
        catch
        {
            await removals.Begin([layer.Id]);
            throw;
        }
    }

    /// <summary>Fills a layer from its tar. When that fails, the layer is removed.</summary>
    public async Task<AppliedLayer> ApplyAsync(
        Layer layer, Stream source, LayerExpectation expected, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        try
        {
            var content = driver.Content(layer.Id);
            using var flushing = flush.Begin();
            using var directory = Syscall.Open(content.Directory, OpenFlags.Directory);
            await using var split = files.CreateSplit(layer.Id);
            var options = new LayerApplyOptions { Whiteouts = content.Whiteouts, Expected = expected, Limit = limit };
            var applied = await LayerApply.ApplyAsync(source, directory, options, split, progress, cancellationToken);
            await split.FlushAsync(cancellationToken);
            FaultPoint.Reach("layer.receive.written");
            return applied;
        }
        catch (Exception e)
        {
            await removals.Begin([layer.Id]);
            if (e is IOException failure && StorageFailure.IsFull(failure))
                throw StrakeException.Exhausted($"receive a layer: no space or no inodes left for it: {e.Message}; free some, for instance with an image prune", e);
            throw;
        }
    }

    /// <summary>Records that a layer is complete, and on what it lies.</summary>
    public async Task<Layer> FinishAsync(Layer layer, AppliedLayer applied, LayerPlace place)
    {
        var sealing = layer.Entry with
        {
            State = LayerState.Sealing,
            Parents = place.Parents,
            Chain = place.Chain,
            ParentChain = place.Below?.Entry.Chain,
            DiffId = applied.DiffId,
            SizeBytes = applied.Usage.SizeBytes,
            Inodes = applied.Usage.Inodes,
            TarSizeBytes = applied.TarSizeBytes,
        };
        var finished = await records.ChangeAsync(layer, sealing);
        FaultPoint.Reach("layer.commit.sealing");
        return finished;
    }
}
