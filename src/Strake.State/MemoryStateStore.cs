namespace Strake.State;

/// <summary>
/// A store in memory alone, for tests of what stands on a store: the laws of <see cref="IStateStore"/>, all but surviving the process.
/// Durability makes no difference; every call completes at once.
/// </summary>
/// <param name="historyRevisions">Revisions of history kept for watches.</param>
/// <param name="capacityBytes">Bytes of keys and values beyond which puts are refused.</param>
public sealed class MemoryStateStore(int historyRevisions = 10_000, long capacityBytes = 256 << 20) : IStateStore
{
    readonly Lock _gate = new();
    readonly ChangeFeed _feed = new(revision: 0, maxRevisions: historyRevisions, maxBytes: long.MaxValue);
    volatile StateView _view = StateView.Empty;
    bool _disposed;

    /// <inheritdoc/>
    public long Revision => _view.Revision;

    /// <inheritdoc/>
    public ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<StateEntry?>(cancellationToken)
            : ValueTask.FromResult(_view.Find(key));

    /// <inheritdoc/>
    public ValueTask<StateRange> RangeAsync(string prefix, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<StateRange>(cancellationToken)
            : ValueTask.FromResult(_view.Range(prefix));

    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(StateTransaction transaction, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<CommitResult>(cancellationToken);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var draft = new StateDraft(_view, capacityBytes);
            var result = draft.Apply(transaction, out var changes);
            if (changes is not null)
            {
                _view = draft.ToView();
                _feed.Publish([changes]);
            }

            return ValueTask.FromResult(result);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StateEvent> WatchAsync(string prefix, long fromRevision, CancellationToken cancellationToken = default) =>
        _feed.Watch(prefix, fromRevision == 0 ? Revision + 1 : fromRevision, Compacted, cancellationToken);

    /// <inheritdoc/>
    public ValueTask CompactAsync(long revision, CancellationToken cancellationToken = default)
    {
        if (revision < 0 || revision > Revision)
            throw StrakeException.Invalid($"state: compaction at revision {revision}; the store is at {Revision}");
        _feed.Forget(revision);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_gate) _disposed = true;
        _feed.End();
        return ValueTask.CompletedTask;
    }

    // What the feed no longer holds is held nowhere.
    static ValueTask<HistoryPage> Compacted(long from, CancellationToken cancellationToken) =>
        throw StrakeException.Exhausted($"state: watch from revision {from}: its history is compacted; read the range anew");
}
