using Strake.Images;

namespace Strake.Layers;

public sealed partial class LayerStore
{
    /// <summary>Makes an empty layer that can be written.</summary>
    /// <param name="parent">The image's chain that it lies on; null: on nothing.</param>
    /// <param name="owner">Who it belongs to, such as <c>container/&lt;hex&gt;</c>.</param>
    /// <param name="sizeLimitBytes">The most that it may hold; null: <see cref="LayerStoreOptions.SizeLimitBytes"/>.</param>
    /// <param name="cancellationToken">Honoured before the record is written.</param>
    /// <remarks>
    /// The record is written with <see cref="Durability.Eventual"/>: it is durable with the caller's own record, which is committed later.
    /// A layer whose owner never came to be is the caller's to remove at its start (<see cref="ListWritableAsync"/>).
    /// </remarks>
    /// <exception cref="StrakeException">
    /// NotFound: the parent is not in the store. AlreadyExists: the owner has a layer. NotSupported: the driver has no size limits.
    /// Exhausted: no space or no inodes left.
    /// </exception>
    public async Task<WritableLayer> CreateWritableAsync(
        ChainId? parent, string owner, long? sizeLimitBytes, CancellationToken cancellationToken = default)
    {
        sizeLimitBytes ??= options.SizeLimitBytes;
        if (sizeLimitBytes is not null && !Driver.Traits.SizeLimit)
            throw StrakeException.NotSupported($"the storage driver {Driver.Name} cannot limit the size of a container");

        using var hold = parent is { } held ? await holds.HoldAsync(held, cancellationToken) : null;
        var below = parent is { } chain ? await GetAsync(chain, cancellationToken) : null;
        var entry = new LayerEntry
        {
            State = LayerState.Preparing,
            Kind = LayerKind.Writable,
            Parents = below?.Stack ?? [],
            ParentChain = parent,
            Owner = owner,
            SizeLimitBytes = sizeLimitBytes,
        };
        FaultPoint.Reach("layer.create.before");
        var layer = await records.TryAddAsync(LayerId.New(), entry, cancellationToken)
            ?? throw StrakeException.AlreadyExists($"{owner} has a writable layer already");
        FaultPoint.Reach("layer.create.recorded");
        try
        {
            Driver.Create(layer.Id, entry.Parents);
            if (sizeLimitBytes is { } limit) Driver.LimitSize(layer.Id, limit);
            FaultPoint.Reach("layer.create.made");
            await records.ChangeAsync(layer, entry with { State = LayerState.Active });
            FaultPoint.Reach("layer.create.active");
        }
        catch
        {
            await removals.Begin([layer.Id]);
            throw;
        }

        return entry.ToWritable(layer.Id);
    }

    /// <summary>Removes a writable layer with all that is in it. One that does not exist is removed already.</summary>
    /// <param name="id">The layer; nothing has it mounted.</param>
    /// <param name="intent">
    /// How the intent to remove is recorded before anything is touched. A caller whose own durable record says already that the layer goes
    /// passes <see cref="Durability.Eventual"/>, and saves a wait for the disk.
    /// </param>
    /// <param name="cancellationToken">Honoured before the intent is recorded.</param>
    /// <remarks>A large layer is removed in the background after a short while; see <see cref="LayerStoreOptions.RemovalPatience"/>.</remarks>
    /// <exception cref="StrakeException">Conflict: the layer is no writable layer.</exception>
    public async Task RemoveWritableAsync(LayerId id, Durability intent = Durability.Synced, CancellationToken cancellationToken = default)
    {
        while (await records.FindAsync(id, cancellationToken) is { } record)
        {
            if (record.Value.Kind != LayerKind.Writable) throw StrakeException.Conflict($"layer {id} is an image's, not a container's");
            var layer = new Layer(id, record.Value, record.Revision);
            if (layer.Entry.State != LayerState.Removing && await records.TryMarkRemovingAsync([layer], intent, cancellationToken) is null) continue;
            // It may have been the last to need an image that was removed by force.
            var image = layer.Entry.ParentChain is { } chain ? await collector.MarkAsync(chain, CancellationToken.None) : [];
            await WaitAWhileAsync(removals.Begin([id, .. image.Select(below => below.Id)]));
            return;
        }
    }

    /// <summary>The writable layer of an owner; null when it has none.</summary>
    public async ValueTask<WritableLayer?> FindWritableAsync(string owner, CancellationToken cancellationToken = default) =>
        await records.FindAsync(owner, cancellationToken) is { Entry.State: LayerState.Active } layer ? layer.Entry.ToWritable(layer.Id) : null;

    /// <summary>All writable layers, in no order.</summary>
    public async Task<IReadOnlyList<WritableLayer>> ListWritableAsync(CancellationToken cancellationToken = default) =>
    [
        .. (await ListAsync(cancellationToken))
            .Where(layer => layer.Entry is { Kind: LayerKind.Writable, State: LayerState.Active })
            .Select(layer => layer.Entry.ToWritable(layer.Id)),
    ];

    async Task<Layer> GetWritableAsync(LayerId id, CancellationToken cancellationToken) =>
        await records.FindAsync(id, cancellationToken) is { Value: { Kind: LayerKind.Writable, State: LayerState.Active } } record
            ? new(id, record.Value, record.Revision)
            : throw StrakeException.NotFound($"no such writable layer: {id}");
}
