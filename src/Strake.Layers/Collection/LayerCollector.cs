using Strake.Images;

namespace Strake.Layers;

/// <summary>
/// Finds the layers that nothing needs: no reference, no layer above, no container, no hold. Decides on a chain from its top down, and
/// records the decision on all of it in one transaction; the removal follows.
/// </summary>
sealed class LayerCollector(LayerRecords records, LayerHolds holds)
{
    /// <summary>Marks what is not needed of a chain and of the chains below it.</summary>
    /// <returns>The marked layers, top layer first.</returns>
    public async Task<IReadOnlyList<Layer>> MarkAsync(ChainId chain, CancellationToken cancellationToken)
    {
        var claims = new List<IDisposable>();
        try
        {
            var doomed = await FindAsync(chain, claims, cancellationToken);
            if (doomed.Count == 0) return [];
            // On disk before anything is touched: the image store must never again find under its chain what is half gone.
            var marked = await records.TryMarkRemovingAsync(doomed, Durability.Synced, cancellationToken);
            FaultPoint.Reach("layer.collect.marked");
            return marked ?? [];
        }
        finally
        {
            foreach (var claim in claims) claim.Dispose();
        }
    }

    async Task<List<Layer>> FindAsync(ChainId chain, List<IDisposable> claims, CancellationToken cancellationToken)
    {
        var doomed = new List<Layer>();
        for (ChainId? next = chain; next is { } current; next = doomed[^1].Entry.ParentChain)
        {
            if (holds.TryClaim(current) is not { } claim) break;
            claims.Add(claim);
            if (await ReadableAsync(records.FindAsync(current, cancellationToken)) is not (true, { } layer)) break;
            if (await IsNeededAsync(layer, doomed, cancellationToken)) break;
            doomed.Add(layer);
        }

        return doomed;
    }

    async Task<bool> IsNeededAsync(Layer layer, List<Layer> doomed, CancellationToken cancellationToken)
    {
        if (layer.Entry.Chain is not { } chain || await records.IsReferredToAsync(chain, cancellationToken)) return true;
        foreach (var child in await records.ChildrenAsync(layer.Id, cancellationToken))
        {
            if (doomed.Exists(other => other.Id == child)) continue;
            var (isReadable, record) = await ReadableAsync(records.FindAsync(child, cancellationToken));
            // A child that nobody can read may be somebody's.
            if (!isReadable || (record is not null && Needs(record.Value))) return true;
        }

        return false;
    }

    // A record that cannot be read is the check's to report. Until somebody can tell, it is needed, and so is what lies below it.
    static async ValueTask<(bool IsReadable, T? Record)> ReadableAsync<T>(ValueTask<T?> reading)
        where T : class
    {
        try
        {
            return (true, await reading);
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.DataLoss)
        {
            return (false, null);
        }
    }

    // A child that goes needs its parent no more; that it is gone before its parent is the removal's to see to. A child that an ingest is
    // making holds the chain as long as the ingest is open, and after that goes too.
    static bool Needs(LayerEntry child) =>
        child.State == LayerState.Committed || (child.Kind == LayerKind.Writable && child.State != LayerState.Removing);
}
