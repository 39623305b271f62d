using Strake.Images;

namespace Strake.Build;

/// <summary>The results of steps, for as long as nobody prunes them.</summary>
/// <remarks>
/// <c>build-cache/&lt;key&gt;</c> is an entry's record; it and the reference that keeps its layers are one transaction. Records are written
/// with <see cref="Durability.Eventual"/>: what a power cut takes is built again.
/// </remarks>
sealed class StepCache(IStateStore state, TimeProvider time)
{
    readonly StateTable<CacheEntry> table = new(state, "build-cache/", CacheJson.Default.CacheEntry);

    /// <summary>The result of a step; null: it is not known.</summary>
    /// <param name="key">The step's key.</param>
    /// <param name="ingest">Keeps the layers from now on.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public async ValueTask<StepResult?> FindAsync(Digest key, ILayerIngest ingest, CancellationToken cancellationToken)
    {
        if (await table.GetAsync(key.Hex, cancellationToken) is not { } record) return null;
        var entry = record.Value;
        if (!TryRead(entry, out var result)) return null;
        if (result.Chain is { } chain && await ingest.HoldAsync(chain, cancellationToken) is null) return null;
        await TouchAsync(record, cancellationToken);
        return result;
    }

    /// <summary>Keeps a result.</summary>
    /// <param name="key">The step's key.</param>
    /// <param name="parent">The file system before it.</param>
    /// <param name="result">The one after it; an open ingest holds its layers.</param>
    /// <param name="description">The instruction.</param>
    /// <param name="cancellationToken">Honoured until the transaction is taken up.</param>
    public async Task KeepAsync(Digest key, ChainId? parent, StepResult result, string description, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var transaction = new StateTransaction(Durability.Eventual);
        table.Put(transaction, key.Hex, new CacheEntry
        {
            Chain = result.Chain?.ToString() ?? "",
            Layer = result.Layer?.ToString() ?? "",
            Parent = parent?.ToString() ?? "",
            SizeBytes = result.SizeBytes,
            Description = description,
            Created = result.Created,
            LastUsed = now,
        });
        if (result.Chain is { } chain) transaction.Put(LayerReference.Key(chain, Owner(key.Hex)), default);
        FaultPoint.Reach("build.cache.before");
        await state.CommitAsync(transaction, cancellationToken);
        FaultPoint.Reach("build.cache.kept");
    }

    /// <summary>All results.</summary>
    public ValueTask<IReadOnlyList<Versioned<CacheEntry>>> ListAsync(CancellationToken cancellationToken) => table.ListAsync(static (_, _) => { }, cancellationToken);

    /// <summary>Forgets a result.</summary>
    /// <param name="record">The result.</param>
    /// <param name="cancellationToken">Honoured until the transaction is taken up.</param>
    /// <returns>The chain that may not be needed any more; null: none.</returns>
    public async Task<ChainId?> RemoveAsync(Versioned<CacheEntry> record, CancellationToken cancellationToken)
    {
        var transaction = new StateTransaction(Durability.Eventual);
        table.Delete(transaction, record.Id);
        var known = TryRead(record.Value, out var result);
        if (known && result.Chain is { } chain) transaction.Delete(LayerReference.Key(chain, Owner(record.Id)));
        await state.CommitAsync(transaction, cancellationToken);
        return known ? result.Chain : null;
    }

    // To know what to prune first. Somebody else may have removed it meanwhile.
    async ValueTask TouchAsync(Versioned<CacheEntry> record, CancellationToken cancellationToken)
    {
        var transaction = new StateTransaction(Durability.Eventual);
        table.Expect(transaction, record.Id, record.Revision);
        table.Put(transaction, record.Id, record.Value with { LastUsed = time.GetUtcNow(), Uses = record.Value.Uses + 1 });
        await state.CommitAsync(transaction, cancellationToken);
    }

    static bool TryRead(CacheEntry entry, out StepResult result)
    {
        result = new StepResult(null, null, entry.SizeBytes, entry.Created);
        if (entry.Chain.Length > 0)
        {
            if (!Digest.TryParse(entry.Chain, out var chain)) return false;
            result = result with { Chain = new ChainId(chain) };
        }

        if (entry.Layer.Length == 0) return true;
        if (!Digest.TryParse(entry.Layer, out var layer)) return false;
        result = result with { Layer = new DiffId(layer) };
        return true;
    }

    static string Owner(string key) => "build/" + key;
}
