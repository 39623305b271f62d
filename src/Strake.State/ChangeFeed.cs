using System.Runtime.CompilerServices;

namespace Strake.State;

/// <summary>
/// The newest stretch of a store's history, in memory, and the bell that wakes the watches. Watches pull: none has a queue of its own,
/// so that a slow one costs nothing and is served from older history when this one has moved on.
/// </summary>
/// <param name="revision">The revision of the store at the start.</param>
/// <param name="maxRevisions">Revisions held at most.</param>
/// <param name="maxBytes">Bytes of values beyond which fewer are held.</param>
sealed class ChangeFeed(long revision, int maxRevisions, long maxBytes)
{
    // A page a reader gets; keeps the time under the lock short.
    const int PageRevisions = 256;

    readonly Lock _gate = new();
    // A ring: each watch reads from its place at each commit, and a queue would be walked to there.
    readonly ChangeSet?[] _ring = new ChangeSet?[maxRevisions];
    int _first;
    int _count;
    TaskCompletionSource? _bell;
    long _bytes;
    long _next = revision + 1;
    bool _ended;

    /// <summary>Adds revisions in order and wakes the watches.</summary>
    public void Publish(IReadOnlyList<ChangeSet> changes)
    {
        TaskCompletionSource? bell;
        lock (_gate)
        {
            foreach (var set in changes)
            {
                if (_count == maxRevisions) Drop();
                _ring[PlaceOf(_count++)] = set;
                _bytes += set.Bytes;
                _next = set.Revision + 1;
            }

            while (_bytes > maxBytes && _count > 0) Drop();
            (bell, _bell) = (_bell, null);
        }

        bell?.SetResult();
    }

    /// <summary>Drops what is compacted.</summary>
    public void Forget(long through)
    {
        lock (_gate)
        {
            while (_count > 0 && At(0).Revision <= through) Drop();
        }
    }

    /// <summary>Ends all watches, once they have delivered what is still held here.</summary>
    public void End()
    {
        TaskCompletionSource? bell;
        lock (_gate)
        {
            _ended = true;
            (bell, _bell) = (_bell, null);
        }

        bell?.SetResult();
    }

    /// <summary>Reports the changes of keys with a prefix: <see cref="IStateStore.WatchAsync"/> once the first revision is settled.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="from">The first revision, above 0.</param>
    /// <param name="older">Reads history that is no longer held here, or throws when it is compacted.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    public async IAsyncEnumerable<StateEvent> Watch(
        string prefix,
        long from,
        Func<long, CancellationToken, ValueTask<HistoryPage>> older,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var next = from; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = Read(next, out var more);
            if (page is null && more is not null)
            {
                await more.WaitAsync(cancellationToken);
                continue;
            }

            if (page is null && HasEnded) yield break;
            page ??= await older(next, cancellationToken);
            foreach (var set in page.Changes)
            {
                foreach (var change in set.Events)
                    if (change.Entry.Key.StartsWith(prefix, StringComparison.Ordinal)) yield return change;
            }

            next = page.Through + 1;
        }
    }

    bool HasEnded
    {
        get
        {
            lock (_gate) return _ended;
        }
    }

    // Observed: the page when the revision is held; none and a bell when it is yet to come; neither when it is past, or the feed ended.
    HistoryPage? Read(long from, out Task? more)
    {
        more = null;
        lock (_gate)
        {
            if (from >= _next)
            {
                if (!_ended) more = (_bell ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                return null;
            }

            if (_count == 0 || At(0).Revision > from) return null;
            // Revisions are consecutive here: each change set is one, and they jump only while a store is closed.
            var skipped = (int)(from - At(0).Revision);
            var page = new ChangeSet[Math.Min(_count - skipped, PageRevisions)];
            for (var i = 0; i < page.Length; i++) page[i] = At(skipped + i);
            return new HistoryPage(page, page[^1].Revision);
        }
    }

    void Drop()
    {
        _bytes -= At(0).Bytes;
        _ring[_first] = null;
        _first = PlaceOf(1);
        _count--;
    }

    ChangeSet At(int index) => _ring[PlaceOf(index)]!;

    int PlaceOf(int index) => (_first + index) % maxRevisions;
}
