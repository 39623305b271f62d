namespace Strake.Volumes.Tests;

/// <summary>A store that refuses some of its commits, as on a full disk, and goes on; it remembers what it was given.</summary>
public sealed class StumblingStateStore(IStateStore inner, params int[] refused) : IStateStore
{
    /// <summary>How durable each commit was asked to be, in order.</summary>
    public List<Durability> Asked { get; } = [];

    /// <summary>Called before each commit with its number, from 1: what goes on meanwhile.</summary>
    public Action<int>? Committing { get; init; }

    public long Revision => inner.Revision;

    public ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellationToken = default) => inner.GetAsync(key, cancellationToken);

    public ValueTask<StateRange> RangeAsync(string prefix, CancellationToken cancellationToken = default) => inner.RangeAsync(prefix, cancellationToken);

    public ValueTask<CommitResult> CommitAsync(StateTransaction transaction, CancellationToken cancellationToken = default)
    {
        Asked.Add(transaction.Durability);
        Committing?.Invoke(Asked.Count);
        return refused.Contains(Asked.Count) ? throw StrakeException.Exhausted("state: the disk is full") : inner.CommitAsync(transaction, cancellationToken);
    }

    public IAsyncEnumerable<StateEvent> WatchAsync(string prefix, long fromRevision, CancellationToken cancellationToken = default) =>
        inner.WatchAsync(prefix, fromRevision, cancellationToken);

    public ValueTask CompactAsync(long revision, CancellationToken cancellationToken = default) => inner.CompactAsync(revision, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
