namespace Strake.Kubernetes.Tests.Storage;

/// <summary>A store whose process dies at one of its commits: before it is made, or after it and before anybody hears of it.</summary>
sealed class DyingStateStore(IStateStore inner, int lastCommit, bool applied) : IStateStore
{
    int commits;

    public bool Died { get; private set; }

    public long Revision => inner.Revision;

    public ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellationToken = default) => inner.GetAsync(key, cancellationToken);

    public ValueTask<StateRange> RangeAsync(string prefix, CancellationToken cancellationToken = default) => inner.RangeAsync(prefix, cancellationToken);

    public async ValueTask<CommitResult> CommitAsync(StateTransaction transaction, CancellationToken cancellationToken = default)
    {
        if (++commits < lastCommit) return await inner.CommitAsync(transaction, cancellationToken);
        if (commits == lastCommit && applied) await inner.CommitAsync(transaction, cancellationToken);
        Died = true;
        throw new DiedException();
    }

    public IAsyncEnumerable<StateEvent> WatchAsync(string prefix, long fromRevision, CancellationToken cancellationToken = default) =>
        inner.WatchAsync(prefix, fromRevision, cancellationToken);

    public ValueTask CompactAsync(long revision, CancellationToken cancellationToken = default) => inner.CompactAsync(revision, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public sealed class DiedException : Exception;
}
