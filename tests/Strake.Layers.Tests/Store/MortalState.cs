namespace Strake.Layers.Tests.Store;

/// <summary>Records that can be written as long as the daemon lives.</summary>
sealed class MortalState(IStateStore inner, Life life) : IStateStore
{
    public long Revision => inner.Revision;

    public ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellationToken = default) => inner.GetAsync(key, cancellationToken);

    public ValueTask<StateRange> RangeAsync(string prefix, CancellationToken cancellationToken = default) => inner.RangeAsync(prefix, cancellationToken);

    public async ValueTask<CommitResult> CommitAsync(StateTransaction transaction, CancellationToken cancellationToken = default)
    {
        life.Step();
        var result = await inner.CommitAsync(transaction, cancellationToken);
        life.Step();
        return result;
    }

    public IAsyncEnumerable<StateEvent> WatchAsync(string prefix, long fromRevision, CancellationToken cancellationToken = default) =>
        inner.WatchAsync(prefix, fromRevision, cancellationToken);

    public ValueTask CompactAsync(long revision, CancellationToken cancellationToken = default) => inner.CompactAsync(revision, cancellationToken);

    // The records outlive the daemon.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
