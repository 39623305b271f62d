using System.Text;
using Strake.Images;

namespace Strake.Build;

/// <summary>
/// What servers had at addresses: <c>build-address/&lt;digest of the address&gt;</c>. With it, a build asks for a file that it knows without having it sent
/// again. Records are written with <see cref="Durability.Eventual"/>: of what is lost, the file is sent again.
/// </summary>
/// <param name="state">The records.</param>
/// <param name="time">The clock.</param>
sealed class RemoteVersions(IStateStore state, TimeProvider time)
{
    /// <summary>As many are kept, and for a while up to <see cref="SweepInterval"/> more; those that were of no use for the longest time go first.</summary>
    public const int Most = 1000;

    /// <summary>So often a write looks whether there are too many: to know that, it reads them all.</summary>
    public const int SweepInterval = 100;

    // Longer ones say more than a version.
    const int MostETag = 1024;

    readonly StateTable<RemoteVersion> table = new(state, "build-address/", CacheJson.Default.RemoteVersion);

    int writes;

    /// <summary>What was at an address; null: not known.</summary>
    public async ValueTask<RemoteVersion?> FindAsync(HttpSource source, CancellationToken cancellationToken) =>
        await table.GetAsync(Id(source), cancellationToken) is { Value: var version } && Digest.TryParse(version.Digest, out _) ? version : null;

    /// <summary>Keeps what is at an address now; nothing where the server has no word for it.</summary>
    public async Task KeepAsync(HttpSource source, RemoteVersion version, CancellationToken cancellationToken)
    {
        if (version.ETag.Length is 0 or > MostETag) return;
        var transaction = new StateTransaction(Durability.Eventual);
        table.Put(transaction, Id(source), version with { LastUsed = time.GetUtcNow() });
        // The first write of a process looks, too: it may never come to another hundred.
        if (Interlocked.Increment(ref writes) % SweepInterval == 1)
        {
            foreach (var old in (await ListAsync(cancellationToken)).Where(old => old.Id != Id(source)).OrderByDescending(static record => record.Value.LastUsed).Skip(Most - 1))
                table.Delete(transaction, old.Id);
        }

        await state.CommitAsync(transaction, cancellationToken);
    }

    /// <summary>Forgets.</summary>
    /// <param name="unusedSince">Only what was of no use since then; null: all.</param>
    /// <param name="cancellationToken">Honoured until the transaction is taken up.</param>
    public async Task ForgetAsync(DateTimeOffset? unusedSince, CancellationToken cancellationToken)
    {
        var transaction = new StateTransaction(Durability.Eventual);
        var old = (await ListAsync(cancellationToken)).Where(record => unusedSince is not { } since || record.Value.LastUsed < since).ToList();
        foreach (var record in old) table.Delete(transaction, record.Id);
        if (old.Count > 0) await state.CommitAsync(transaction, cancellationToken);
    }

    ValueTask<IReadOnlyList<Versioned<RemoteVersion>>> ListAsync(CancellationToken cancellationToken) => table.ListAsync(static (_, _) => { }, cancellationToken);

    // There may be a password in it.
    static string Id(HttpSource source) => Digest.Of(Encoding.UTF8.GetBytes(source.Address.OriginalString)).Hex;
}
