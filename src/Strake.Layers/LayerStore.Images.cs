using Strake.Images;
using Strake.Layers.Archive;
using Strake.Linux;

namespace Strake.Layers;

public sealed partial class LayerStore
{
    /// <inheritdoc/>
    public ILayerIngest BeginIngest() => new LayerIngest(this, tools);

    /// <inheritdoc/>
    public async Task WriteTarAsync(ChainId chain, Stream target, CancellationToken cancellationToken)
    {
        using var hold = await holds.HoldAsync(chain, cancellationToken);
        var layer = await GetAsync(chain, cancellationToken);
        await using var record = files.TryOpenSplit(layer.Id)
            ?? throw StrakeException.DataLoss($"layer {layer.Id}, chain {chain}: its split record is gone; load or pull the image again");
        using var directory = Syscall.Open(Driver.Content(layer.Id).Directory, OpenFlags.Directory);
        var written = await SplitRecord.WriteTarAsync(record, directory, target, files.CreateTemporary, cancellationToken);
        if (written != layer.Entry.DiffId)
            throw StrakeException.DataLoss($"layer {layer.Id}, chain {chain}: its split record is of {written}, and it is {layer.Entry.DiffId}");
    }

    /// <inheritdoc/>
    public async ValueTask<StoredLayer?> FindAsync(ChainId chain, CancellationToken cancellationToken) =>
        (await records.FindAsync(chain, cancellationToken))?.Entry.ToStored();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredLayer>> CollectAsync(IReadOnlyCollection<ChainId> chains, CancellationToken cancellationToken)
    {
        var marked = new List<Layer>();
        foreach (var chain in chains) marked.AddRange(await collector.MarkAsync(chain, cancellationToken));
        await RemoveAsync(marked);
        return [.. marked.Select(layer => layer.Entry.ToStored())];
    }

    /// <summary>As <see cref="CollectAsync"/>, for all chains, and tries removals again that failed: for prune.</summary>
    /// <param name="cancellationToken">Honoured between two layers.</param>
    /// <returns>What was removed, each layer before those below it.</returns>
    public async Task<IReadOnlyList<StoredLayer>> CollectAllAsync(CancellationToken cancellationToken = default)
    {
        var failed = (await ListAsync(cancellationToken)).Where(layer => layer.Entry.State == LayerState.Removing);
        var marked = await MarkAllAsync(cancellationToken);
        await RemoveAsync([.. failed.Concat(marked).OrderByDescending(layer => layer.Entry.Parents.Count)]);
        return [.. marked.Select(layer => layer.Entry.ToStored())];
    }

    /// <summary>Removes what an ingest leaves: layers that it did not commit, and chains that it did and that nothing needs. Never fails.</summary>
    internal async Task EndIngestAsync(IReadOnlyList<Layer> abandoned, IReadOnlyCollection<ChainId> tops)
    {
        await RemoveAsync([.. abandoned.OrderByDescending(layer => layer.Entry.Parents.Count)]);
        foreach (var top in tops)
        {
            try
            {
                await CollectAsync([top], CancellationToken.None);
            }
            catch (Exception e)
            {
                LogNotCollected(options.Logger, top, e);
            }
        }
    }

    async Task<List<Layer>> MarkAllAsync(CancellationToken cancellationToken)
    {
        var marked = new List<Layer>();
        foreach (var layer in (await ListAsync(cancellationToken)).OrderByDescending(layer => layer.Entry.Parents.Count))
        {
            if (layer.Entry is { State: LayerState.Committed, Chain: { } chain }) marked.AddRange(await collector.MarkAsync(chain, cancellationToken));
        }

        return marked;
    }
}
