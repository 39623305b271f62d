namespace Strake.State.Sqlite;

/// <summary>
/// What waits for the writer's thread, in order: commits, and jobs that need the database. Bounded: who comes when it is full waits for
/// a place. Own, for no queue of the framework has waiting producers that are asynchronous and a consumer that is a thread.
/// </summary>
#pragma warning disable CA1001 // The semaphore has nothing to dispose of (its wait handle is not used), and disposing it would strand who waits.
sealed class WriterQueue
#pragma warning restore CA1001
{
    const int Capacity = 4096;

    // A group is one transaction of SQLite: it is bounded, so that the log is, and the first of it does not wait long for the last.
    const int GroupCommits = 1024;
    const int GroupBytes = 16 << 20;

    // Waited on with Monitor, which Lock does not have.
    readonly object _gate = new();
    readonly SemaphoreSlim _places = new(Capacity);
    readonly Queue<object> _items = new();
    bool _closed;

    /// <summary>True when nothing waits: a good moment for upkeep.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate) return _items.Count == 0;
        }
    }

    /// <summary>Adds a commit.</summary>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public ValueTask AddAsync(PendingCommit commit, CancellationToken cancellationToken) => AddItemAsync(commit, cancellationToken);

    /// <summary>Adds something to do on the writer's thread; it must not throw.</summary>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public ValueTask AddAsync(Action job, CancellationToken cancellationToken) => AddItemAsync(job, cancellationToken);

    /// <summary>Waits for work and takes it: a group of consecutive commits, or one job.</summary>
    /// <param name="group">Gets the commits; empty when there is a job.</param>
    /// <param name="job">The job, or null.</param>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool Take(List<PendingCommit> group, out Action? job)
    {
        job = null;
        group.Clear();
        lock (_gate)
        {
            while (_items.Count == 0 && !_closed) Monitor.Wait(_gate);
            var bytes = 0;
            while (group.Count < GroupCommits && _items.TryPeek(out var item))
            {
                if (item is PendingCommit commit)
                {
                    bytes += commit.Transaction.Bytes;
                    if (group.Count > 0 && bytes > GroupBytes) break;
                    group.Add(commit);
                }
                else if (group.Count == 0)
                {
                    job = (Action)item;
                }
                else
                {
                    break;
                }

                _items.Dequeue();
                if (job is not null) break;
            }
        }

        var taken = group.Count + (job is null ? 0 : 1);
        if (taken > 0) _places.Release(taken);
        return taken > 0;
    }

    /// <summary>Refuses what comes from now on; what has come is still taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    async ValueTask AddItemAsync(object item, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        lock (_gate)
        {
            if (_closed) _places.Release();
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteStateStore));
            _items.Enqueue(item);
            Monitor.Pulse(_gate);
        }
    }
}
