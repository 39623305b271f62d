namespace Strake.State.Sqlite;

/// <summary>
/// The one thread that uses the database. It takes all commits that wait as a group: decides them in order against the view, writes what
/// they changed in one transaction of SQLite, waits for the disk once, publishes the new view, and lets the callers go. While the disk
/// works the next group gathers, so that throughput grows with the number of writers and no commit waits for company.
/// </summary>
/// <remarks>
/// A failed expectation or a refused size fails its own commit; a failure of the disk fails all of its group, and the view stays as it
/// was. Upkeep (checkpoint, compaction) is done between groups.
/// </remarks>
sealed class StateWriter
{
    // Pages of the log (4 KiB) from which it is written back when nothing waits, and from which even if something does: a bound for
    // its size and for the time that the next start needs to read it.
    const int CheckpointPagesIdle = 1_000;
    const int CheckpointPages = 4_000;

    // History is looked at each time a sixteenth of what is kept (revisions or bytes) has come: the steps are short, and seldom.
    const int KeepUpParts = 16;

    readonly SqliteStateOptions _options;
    readonly StateFile _file;
    readonly WriterQueue _queue;
    readonly ChangeFeed _feed;
    readonly DiskReserve _reserve;
    readonly Thread _thread;
    readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile StateView _view;
    long _compacted;
    long _keepUpAt;
    long _bytesSinceKeepUp;

    public StateWriter(SqliteStateOptions options, StateFile file, StateView view, WriterQueue queue, ChangeFeed feed)
    {
        (_options, _file, _view, _queue, _feed) = (options, file, view, queue, feed);
        _compacted = file.ReadCompacted();
        _reserve = new DiskReserve(file.Path + ".reserve");
        _keepUpAt = view.Revision + KeepUpRevisions;
        // In the background: a process that ends without disposing the store ends; no commit that it was told of is lost by that.
        _thread = new Thread(Run) { Name = "strake-state", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The newest committed view. Any thread.</summary>
    public StateView View => _view;

    /// <summary>Why the last checkpoint or compaction that failed did so; null when none has.</summary>
    public StrakeException? UpkeepFailure { get; private set; }

    /// <summary>Completes when the queue is closed and all that was in it is done; the file is closed then.</summary>
    public Task Finished => _finished.Task;

    /// <summary>Reads history. On the writer's thread.</summary>
    /// <exception cref="StrakeException"><see cref="ErrorKind.Exhausted"/>: it is compacted.</exception>
    public HistoryPage ReadHistory(long from) => from > _compacted
        ? _file.ReadHistory(from, _view.Revision)
        : throw StrakeException.Exhausted(
            $"state store {_file.Path}: watch from revision {from}: history is compacted up to {_compacted}; read the range anew");

    /// <summary>Compacts. On the writer's thread.</summary>
    public void Compact(long through)
    {
        if (through > _view.Revision)
            throw StrakeException.Invalid($"state store {_file.Path}: compaction at revision {through}; the store is at {_view.Revision}");
        if (through <= _compacted) return;
        try
        {
            // What a power cut brings back is history, which is forgotten again.
            _file.Begin(Durability.Eventual);
            _file.Compact(_compacted, through);
            _file.Commit();
        }
        catch
        {
            _file.Rollback();
            throw;
        }

        _compacted = through;
        _feed.Forget(through);
    }

    /// <summary>Looks through the file. On the writer's thread.</summary>
    public IReadOnlyList<string> Check() => _file.Check();

    void Run()
    {
        var group = new List<PendingCommit>();
        _reserve.Hold();
        while (_queue.Take(group, out var job))
        {
            job?.Invoke();
            if (group.Count == 0) continue;
            Commit(group);
            KeepUp();
            _reserve.Hold();
        }

        _feed.End();
        // The last connection's closing writes the log back and removes it.
        _file.Dispose();
        _finished.SetResult();
    }

    void Commit(List<PendingCommit> group)
    {
        var draft = new StateDraft(_view, _options.CapacityBytes);
        var changes = Decide(group, draft, out var durability);
        try
        {
            if (changes.Count > 0)
            {
                WriteWithReserve(changes, durability);
                _view = draft.ToView();
                _feed.Publish(changes);
                foreach (var set in changes) _bytesSinceKeepUp += set.Bytes;
            }
        }
        catch (Exception e)
        {
            foreach (var commit in group) commit.Fail(e);
            return;
        }

        foreach (var commit in group) commit.Complete();
    }

    static List<ChangeSet> Decide(List<PendingCommit> group, StateDraft draft, out Durability durability)
    {
        var all = new List<ChangeSet>(group.Count);
        durability = Durability.Eventual;
        foreach (var commit in group)
        {
            if (!commit.TryTake()) continue;
            try
            {
                commit.Decide(draft.Apply(commit.Transaction, out var changes));
                if (changes is null) continue;
                all.Add(changes);
                // One that must be on disk takes the whole group there.
                if (commit.Transaction.Durability == Durability.Synced) durability = Durability.Synced;
            }
            catch (Exception e)
            {
                commit.Fail(e);
            }
        }

        return all;
    }

    void WriteWithReserve(List<ChangeSet> changes, Durability durability)
    {
        try
        {
            Write(changes, durability);
        }
        catch (StrakeException full) when (full.Kind == ErrorKind.Exhausted && _reserve.TryRelease())
        {
            Write(changes, durability);
        }
    }

    void Write(List<ChangeSet> changes, Durability durability)
    {
        try
        {
            _file.Begin(durability);
            foreach (var set in changes) _file.Write(set);
            _file.Commit();
        }
        catch
        {
            _file.Rollback();
            throw;
        }
    }

    // Nobody waits for upkeep, so nobody can be told that it failed; what it failed for (a full disk, a broken one) the next commit
    // meets and tells. It is tried again after the next group.
    void KeepUp()
    {
        try
        {
            if (_file.WalPages >= (_queue.IsEmpty ? CheckpointPagesIdle : CheckpointPages)) _file.Checkpoint();
            _file.KeepLogAhead(CheckpointPagesIdle);
            if (_view.Revision < _keepUpAt && _bytesSinceKeepUp < _options.HistoryBytes / KeepUpParts) return;
            var through = _view.Revision - RevisionsToKeep();
            if (through > _compacted) Compact(through);
            (_keepUpAt, _bytesSinceKeepUp) = (_view.Revision + KeepUpRevisions, 0);
        }
        catch (StrakeException e)
        {
            UpkeepFailure = e;
        }
    }

    int KeepUpRevisions => Math.Max(1, _options.HistoryRevisions / KeepUpParts);

    // The file has the present entries (at most twice their size, with half-full pages) and history; where that is over its bound,
    // half of history goes.
    long RevisionsToKeep() => _file.UsedBytes <= (2 * _view.Bytes) + _options.HistoryBytes
        ? _options.HistoryRevisions
        : Math.Min(_options.HistoryRevisions, (_view.Revision - _compacted) / 2);
}
