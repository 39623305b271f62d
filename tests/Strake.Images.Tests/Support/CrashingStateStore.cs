namespace Strake.Images.Tests;

/// <summary>A store in a process that dies at a commit: right before or right after it is applied. Nothing works afterwards.</summary>
sealed class CrashingStateStore(IStateStore store, int commit, bool isApplied) : IStateStore
{
    int _commits;

    public bool IsDead { get; private set; }

    public long Revision => store.Revision;

    public ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellationToken = default)
    {
        Live();
        return store.GetAsync(key, cancellationToken);
    }

    public ValueTask<StateRange> RangeAsync(string prefix, CancellationToken cancellationToken = default)
    {
        Live();
        return store.RangeAsync(prefix, cancellationToken);
    }

    public async ValueTask<CommitResult> CommitAsync(StateTransaction transaction, CancellationToken cancellationToken = default)
    {
        Live();
        if (++_commits != commit) return await store.CommitAsync(transaction, cancellationToken);
        if (isApplied) await store.CommitAsync(transaction, cancellationToken);
        IsDead = true;
        throw new SimulatedCrashException();
    }

    public IAsyncEnumerable<StateEvent> WatchAsync(string prefix, long fromRevision, CancellationToken cancellationToken = default) =>
        store.WatchAsync(prefix, fromRevision, cancellationToken);

    public ValueTask CompactAsync(long revision, CancellationToken cancellationToken = default) =>
        store.CompactAsync(revision, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    void Live()
    {
        if (IsDead) throw new SimulatedCrashException();
    }
}
