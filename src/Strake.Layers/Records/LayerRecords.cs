using System.Text;
using Strake.Images;

namespace Strake.Layers;

/// <summary>
/// The layers' records and the keys by which they are found. What belongs together is written in one transaction, so that after a crash
/// either all of it is there or none.
/// </summary>
/// <remarks>
/// <code>
/// layer/&lt;id&gt;                     the record (LayerEntry)
/// chain/&lt;hex&gt;                    id of the layer that is committed under the chain
/// layer-owner/&lt;owner&gt;            id of the owner's writable layer
/// layer-child/&lt;parent&gt;/&lt;id&gt;      empty: the second layer lies directly on the first; as long as its record exists
/// layer-driver                   name of the driver that keeps the layers
/// layer-reference/&lt;hex&gt;/&lt;owner&gt;  empty: the chain is needed; written by others (LayerReference)
/// </code>
/// </remarks>
sealed class LayerRecords(IStateStore state)
{
    const string DriverKey = "layer-driver";

    readonly StateTable<LayerEntry> table = new(state, "layer/", LayerJson.Default.LayerEntry);

    /// <summary>Whether nothing was ever recorded of layers: no driver, no layer.</summary>
    public async Task<bool> AreNewAsync(CancellationToken cancellationToken) =>
        await state.GetAsync(DriverKey, cancellationToken) is null && (await state.RangeAsync(table.Prefix, cancellationToken)).Count == 0;

    /// <summary>Records which driver keeps the layers. Another may take over only when there are none: it would find none of them.</summary>
    /// <exception cref="StrakeException">Conflict: there are layers, and they are another driver's.</exception>
    public async Task ClaimAsync(string driver, CancellationToken cancellationToken)
    {
        var present = await state.GetAsync(DriverKey, cancellationToken) is { } entry ? Encoding.UTF8.GetString(entry.Value.Span) : null;
        if (string.Equals(present, driver, StringComparison.Ordinal)) return;
        if (present is not null && (await state.RangeAsync(table.Prefix, cancellationToken)).Count > 0)
            throw StrakeException.Conflict($"the data root holds layers of the storage driver {present}; choose it, or another data root, in place of {driver}");
        await state.CommitAsync(new StateTransaction().Put(DriverKey, Encoding.UTF8.GetBytes(driver)), cancellationToken);
    }

    /// <summary>The name of the driver that keeps the layers; null where none are recorded.</summary>
    public async Task<string?> FindDriverAsync(CancellationToken cancellationToken) =>
        await state.GetAsync(DriverKey, cancellationToken) is { } entry && (await state.RangeAsync(table.Prefix, cancellationToken)).Count > 0
            ? Encoding.UTF8.GetString(entry.Value.Span)
            : null;

    /// <summary>Records that another driver keeps all layers from now on: it has them, on disk.</summary>
    /// <exception cref="StrakeException">Conflict: they are not that driver's to hand over.</exception>
    public async Task HandOverAsync(string from, string to)
    {
        var present = await state.GetAsync(DriverKey);
        if (present is null || !string.Equals(Encoding.UTF8.GetString(present.Value.Span), from, StringComparison.Ordinal))
            throw StrakeException.Conflict($"the layers are no longer {from}'s");
        await state.CommitAsync(new StateTransaction().Put(DriverKey, Encoding.UTF8.GetBytes(to)));
    }

    /// <summary>The record of a layer; null when there is none.</summary>
    public ValueTask<Versioned<LayerEntry>?> FindAsync(LayerId id, CancellationToken cancellationToken = default) =>
        table.GetAsync(id.ToString(), cancellationToken);

    /// <summary>The layer that is committed under a chain; null when there is none.</summary>
    public async ValueTask<Layer?> FindAsync(ChainId chain, CancellationToken cancellationToken = default) =>
        await FindIndexedAsync(ChainKey(chain), cancellationToken);

    /// <summary>The writable layer of an owner; null when there is none.</summary>
    public async ValueTask<Layer?> FindAsync(string owner, CancellationToken cancellationToken = default) =>
        await FindIndexedAsync(OwnerKey(owner), cancellationToken);

    /// <summary>All layers. A record that cannot be read is given to <paramref name="unreadable"/>, and its layer is not among them.</summary>
    public async Task<IReadOnlyList<Layer>> ListAsync(Action<string, StrakeException> unreadable, CancellationToken cancellationToken = default)
    {
        var layers = new List<Layer>();
        foreach (var record in await table.ListAsync(unreadable, cancellationToken))
        {
            if (LayerId.TryParse(record.Id, out var id)) layers.Add(new(id, record.Value, record.Revision));
            else unreadable(record.Id, StrakeException.DataLoss($"record {table.Key(record.Id)} is not named by a layer's id"));
        }

        return layers;
    }

    /// <summary>The layers that lie directly on a layer, those being removed included.</summary>
    public async ValueTask<IReadOnlyList<LayerId>> ChildrenAsync(LayerId id, CancellationToken cancellationToken = default)
    {
        var prefix = ChildKey(id, "");
        var children = new List<LayerId>();
        foreach (var entry in await state.RangeAsync(prefix, cancellationToken))
        {
            if (LayerId.TryParse(entry.Key[prefix.Length..], out var child)) children.Add(child);
        }

        return children;
    }

    /// <summary>Whether something other than a layer needs a chain.</summary>
    public async ValueTask<bool> IsReferredToAsync(ChainId chain, CancellationToken cancellationToken = default) =>
        (await state.RangeAsync(LayerReference.Prefix(chain), cancellationToken)).Count > 0;

    /// <summary>Writes the first record of a layer, and that of its owner.</summary>
    /// <returns>The layer; null when the owner has a layer already.</returns>
    public async ValueTask<Layer?> TryAddAsync(LayerId id, LayerEntry entry, CancellationToken cancellationToken)
    {
        var add = new StateTransaction(Durability.Eventual);
        table.ExpectAbsent(add, id.ToString());
        table.Put(add, id.ToString(), entry);
        if (entry.Parent() is { } parent) add.Put(ChildKey(parent, id.ToString()), default);
        if (entry.Owner is { } owner) add.ExpectAbsent(OwnerKey(owner)).Put(OwnerKey(owner), Value(id));
        var result = await state.CommitAsync(add, cancellationToken);
        return result.Succeeded ? new(id, entry, result.Revision) : null;
    }

    /// <summary>Changes a layer's record without a wait for the disk; what depends on it is committed later, and so durable later.</summary>
    public async ValueTask<Layer> ChangeAsync(Layer layer, LayerEntry entry)
    {
        var written = await table.ReplaceAsync(layer.Id.ToString(), entry, layer.Revision, Durability.Eventual);
        return new(layer.Id, entry, written.Revision);
    }

    /// <summary>Makes image layers findable under their chains, all or none, and durable.</summary>
    /// <param name="layers">Layers with the records that they shall have.</param>
    /// <returns>False when a chain is there already.</returns>
    public async ValueTask<bool> TryCommitAsync(IEnumerable<Layer> layers)
    {
        var commit = new StateTransaction();
        foreach (var layer in layers)
        {
            var chain = layer.Entry.Chain ?? throw new InvalidOperationException("A layer without a chain was to be committed.");
            commit.ExpectAbsent(ChainKey(chain)).Put(ChainKey(chain), Value(layer.Id));
            table.Expect(commit, layer.Id.ToString(), layer.Revision);
            table.Put(commit, layer.Id.ToString(), layer.Entry);
            if (layer.Entry.Parent() is { } parent) commit.Put(ChildKey(parent, layer.Id.ToString()), default);
        }

        return (await state.CommitAsync(commit)).Succeeded;
    }

    /// <summary>Makes an image's layer of a writable one, findable under its chain and no more by its owner, and durable.</summary>
    /// <param name="writable">The layer as it was read.</param>
    /// <param name="sealed">The record that it shall have.</param>
    /// <returns>False when its chain is there already, or the layer has changed since it was read.</returns>
    public async ValueTask<bool> TrySealAsync(Layer writable, LayerEntry @sealed)
    {
        var chain = @sealed.Chain ?? throw new InvalidOperationException("A layer without a chain was to be sealed.");
        var owner = writable.Entry.Owner ?? throw new InvalidOperationException("A layer without an owner was taken for a writable one.");
        var seal = new StateTransaction().ExpectAbsent(ChainKey(chain)).Put(ChainKey(chain), Value(writable.Id)).Delete(OwnerKey(owner));
        table.Expect(seal, writable.Id.ToString(), writable.Revision);
        table.Put(seal, writable.Id.ToString(), @sealed);
        return (await state.CommitAsync(seal)).Succeeded;
    }

    /// <summary>Marks layers as going, all or none: from then on nobody finds them by chain or owner.</summary>
    /// <param name="layers">The layers as they were read.</param>
    /// <param name="durability">Whether the mark must be on disk before anything is touched.</param>
    /// <param name="cancellationToken">Cancels before the mark is written.</param>
    /// <returns>The layers as marked; null when one of them has changed since it was read.</returns>
    public async ValueTask<IReadOnlyList<Layer>?> TryMarkRemovingAsync(
        IReadOnlyList<Layer> layers, Durability durability, CancellationToken cancellationToken)
    {
        var mark = new StateTransaction(durability);
        foreach (var layer in layers)
        {
            table.Expect(mark, layer.Id.ToString(), layer.Revision);
            table.Put(mark, layer.Id.ToString(), layer.Entry with { State = LayerState.Removing });
            if (layer.Entry.State == LayerState.Committed && layer.Entry.Chain is { } chain) mark.Delete(ChainKey(chain));
            if (layer.Entry.Owner is { } owner && layer.Entry.State != LayerState.Removing) mark.Delete(OwnerKey(owner));
        }

        var result = await state.CommitAsync(mark, cancellationToken);
        return result.Succeeded
            ? [.. layers.Select(layer => new Layer(layer.Id, layer.Entry with { State = LayerState.Removing }, result.Revision))]
            : null;
    }

    /// <summary>Forgets a layer whose directory is gone. One that is forgotten stays so.</summary>
    public async ValueTask ForgetAsync(LayerId id)
    {
        if (await FindAsync(id) is not { } record) return;
        var forget = new StateTransaction(Durability.Eventual);
        table.Delete(forget, id.ToString());
        if (record.Value.Parent() is { } parent) forget.Delete(ChildKey(parent, id.ToString()));
        // A layer that is thrown away before it was ever Active still has its owner's key; a Removing one has given it up.
        if (record.Value is { Owner: { } owner, State: not LayerState.Removing }) forget.Delete(OwnerKey(owner));
        await state.CommitAsync(forget);
    }

    /// <summary>All keys under a prefix, each with its text: for the check of the store.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>> IndexAsync(string prefix, CancellationToken cancellationToken) =>
    [
        .. (await state.RangeAsync(prefix, cancellationToken))
            .Select(entry => KeyValuePair.Create(entry.Key[prefix.Length..], Encoding.UTF8.GetString(entry.Value.Span))),
    ];

    async ValueTask<Layer?> FindIndexedAsync(string key, CancellationToken cancellationToken)
    {
        if (await state.GetAsync(key, cancellationToken) is not { } entry) return null;
        if (!LayerId.TryParse(Encoding.UTF8.GetString(entry.Value.Span), out var id))
            throw StrakeException.DataLoss($"record {key} does not name a layer");
        return await FindAsync(id, cancellationToken) is { } record ? new(id, record.Value, record.Revision) : null;
    }

    static byte[] Value(LayerId id) => Encoding.UTF8.GetBytes(id.ToString());

    static string ChainKey(ChainId chain) => "chain/" + chain.Digest.Hex;

    static string OwnerKey(string owner) => "layer-owner/" + owner;

    static string ChildKey(LayerId parent, string child) => $"layer-child/{parent}/{child}";
}
