namespace Strake.Images.Tests;

/// <summary>A store during whose calls something else happens: what others do meanwhile, or a disk that fails.</summary>
sealed class HookedStateStore(IStateStore store) : IStateStore
{
    int _commits;

    /// <summary>Called before a key is read.</summary>
    public Func<string, Task>? Reading { get; set; }

    /// <summary>Called before a commit, with its number from 1.</summary>
    public Action<int>? Committing { get; set; }

    public long Revision => store.Revision;

    public async ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellationToken = default)
    {
        if (Reading is { } reading) await reading(key);
        return await store.GetAsync(key, cancellationToken);
    }

    public ValueTask<StateRange> RangeAsync(string prefix, CancellationToken cancellationToken = default) => store.RangeAsync(prefix, cancellationToken);

    public ValueTask<CommitResult> CommitAsync(StateTransaction transaction, CancellationToken cancellationToken = default)
    {
        Committing?.Invoke(++_commits);
        return store.CommitAsync(transaction, cancellationToken);
    }

    public IAsyncEnumerable<StateEvent> WatchAsync(string prefix, long fromRevision, CancellationToken cancellationToken = default) =>
        store.WatchAsync(prefix, fromRevision, cancellationToken);

    public ValueTask CompactAsync(long revision, CancellationToken cancellationToken = default) => store.CompactAsync(revision, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
