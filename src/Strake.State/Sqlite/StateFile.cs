namespace Strake.State.Sqlite;

/// <summary>
/// The statements of the store against its database: the only place that knows <see cref="StateSchema"/>'s columns. For one thread at a
/// time. A failed call leaves the transaction open for <see cref="Rollback"/>.
/// </summary>
sealed class StateFile : IDisposable
{
    // A page of history ends with the first revision that reaches either.
    const int PageEvents = 256;
    const long PageBytes = 4 << 20;

    // The log is a header, and frames of a page (SQLite's default) with a header (fileformat2.html, "WAL File Format").
    const int LogHeaderBytes = 32;
    const int LogFrameBytes = 4096 + 24;
    const int LogPiecePages = 128;

    static readonly byte[] s_zeros = new byte[64 << 10];

    readonly SqliteConnection _connection;
    readonly SqliteStatement _begin;
    readonly SqliteStatement _commit;
    readonly SqliteStatement _rollback;
    readonly SqliteStatement _addVersion;
    readonly SqliteStatement _setEntry;
    readonly SqliteStatement _removeEntry;
    Durability? _durability;
    long _logBytes;

    StateFile(SqliteConnection connection)
    {
        _connection = connection;
        _begin = connection.Prepare("BEGIN IMMEDIATE");
        _commit = connection.Prepare("COMMIT");
        _rollback = connection.Prepare("ROLLBACK");
        _addVersion = connection.Prepare(
            "INSERT INTO version(id, created, previous, key, value) VALUES (?1, ?2, (SELECT id FROM entry WHERE key = ?3), ?3, ?4)");
        _setEntry = connection.Prepare("INSERT INTO entry(key, id) VALUES (?1, ?2) ON CONFLICT(key) DO UPDATE SET id = excluded.id");
        _removeEntry = connection.Prepare("DELETE FROM entry WHERE key = ?1");
    }

    public string Path => _connection.Path;

    /// <summary>Pages in the write-ahead log.</summary>
    public int WalPages => _connection.WalPages;

    /// <summary>Bytes in use in the database file: present entries and history.</summary>
    public long UsedBytes =>
        (_connection.Execute("PRAGMA page_count") - _connection.Execute("PRAGMA freelist_count")) * _connection.Execute("PRAGMA page_size");

    /// <summary>Opens the file, makes it if missing, and locks it against other processes.</summary>
    /// <exception cref="StrakeException">DataLoss: the file is gone or empty, and its log is there; or see <see cref="StateSchema.Prepare"/>.</exception>
    public static StateFile Open(string path)
    {
        RefuseLost(path);
        CreateIfMissing(path);
        var connection = SqliteConnection.Open(path);
        try
        {
            StateSchema.Prepare(connection);
            return new StateFile(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The history up to this revision is gone.</summary>
    public long ReadCompacted() => _connection.Execute("SELECT value FROM meta WHERE name = 'compacted'");

    /// <summary>The boot in which the store was last opened; empty in a new store.</summary>
    public string ReadBoot()
    {
        using var read = _connection.Prepare("SELECT value FROM meta WHERE name = 'boot'");
        return read.Step() ? read.Text(0) : "";
    }

    /// <summary>Reads all present entries.</summary>
    public StateView Load()
    {
        var revision = Math.Max(_connection.Execute("SELECT max(id) FROM version") >> StateSchema.PlaceBits, ReadCompacted());
        var entries = new List<StateEntry>();
        using var read = _connection.Prepare("SELECT v.id, v.created, e.key, v.value FROM entry e LEFT JOIN version v ON v.id = e.id ORDER BY e.key");
        while (read.Step())
        {
            if (read.IsNull(3)) throw StrakeException.DataLoss($"state store {Path}: key {read.Text(2)} has no value; put back a backup");
            entries.Add(new StateEntry(read.Text(2), read.Blob(3), read.Integer(1), read.Integer(0) >> StateSchema.PlaceBits));
        }

        return StateView.Load(revision, entries);
    }

    /// <summary>Opens a transaction whose commit will be as durable as said.</summary>
    public void Begin(Durability durability)
    {
        // A transaction that could not be given up when it failed.
        Rollback();

        // In WAL mode FULL syncs the log at each commit, NORMAL only around a checkpoint; neither can break the file. The setting
        // cannot change inside of a transaction.
        if (_durability != durability)
        {
            _connection.Execute(durability == Durability.Synced ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            _durability = durability;
        }

        _begin.Run();
    }

    public void Commit()
    {
        FaultPoint.Reach("state.commit.before");
        _commit.Run();
        FaultPoint.Reach("state.commit.after");
    }

    /// <summary>Gives the transaction up, if SQLite has not done so itself upon the failure.</summary>
    public void Rollback()
    {
        if (!_connection.IsIdle) _rollback.Run();
    }

    /// <summary>Writes the changes of one revision.</summary>
    public void Write(ChangeSet changes)
    {
        for (var place = 0; place < changes.Events.Length; place++)
        {
            var (kind, entry, _) = changes.Events[place];
            var id = (changes.Revision << StateSchema.PlaceBits) | (long)place;
            _addVersion.Bind(1, id).Bind(2, entry.CreateRevision).Bind(3, entry.Key);
            if (kind == StateEventKind.Put) _addVersion.Bind(4, entry.Value.Span).Run();
            else _addVersion.BindNothing(4).Run();

            if (kind == StateEventKind.Put) _setEntry.Bind(1, entry.Key).Bind(2, id).Run();
            else _removeEntry.Bind(1, entry.Key).Run();
        }
    }

    /// <summary>Reads a page of history: whole revisions, the first at <paramref name="from"/> or after.</summary>
    /// <param name="from">The first revision; after what is compacted.</param>
    /// <param name="last">The store's revision.</param>
    public HistoryPage ReadHistory(long from, long last)
    {
        using var read = _connection.Prepare(
            "SELECT v.id, v.created, v.key, v.value, p.id, p.created, p.value FROM version v LEFT JOIN version p ON p.id = v.previous "
            + "WHERE v.id >= ?1 ORDER BY v.id");
        read.Bind(1, from << StateSchema.PlaceBits);
        var sets = new List<ChangeSet>();
        var events = new List<StateEvent>();
        int count = 0;
        long bytes = 0;
        while (read.Step())
        {
            var change = ReadEvent(read);
            if (events.Count > 0 && events[^1].Revision != change.Revision)
            {
                sets.Add(new ChangeSet(events[^1].Revision, [.. events]));
                events.Clear();
                if (count >= PageEvents || bytes >= PageBytes) return new HistoryPage(sets, sets[^1].Revision);
            }

            events.Add(change);
            count++;
            bytes += change.Entry.Value.Length + (change.Previous?.Value.Length ?? 0);
        }

        if (events.Count > 0) sets.Add(new ChangeSet(events[^1].Revision, [.. events]));
        return new HistoryPage(sets, last);
    }

    /// <summary>
    /// Forgets the versions that were replaced after one compaction and up to the next, and the tombstones of that stretch. Within a
    /// transaction.
    /// </summary>
    /// <param name="compacted">What <see cref="ReadCompacted"/> says.</param>
    /// <param name="through">The last revision to forget.</param>
    public void Compact(long compacted, long through)
    {
        const string Stretch = "id >= ?1 AND id < ?2";
        foreach (var sql in (string[])[
            $"DELETE FROM version WHERE id IN (SELECT previous FROM version WHERE {Stretch} AND previous IS NOT NULL)",
            $"DELETE FROM version WHERE {Stretch} AND value IS NULL"])
        {
            using var delete = _connection.Prepare(sql);
            delete.Bind(1, (compacted + 1) << StateSchema.PlaceBits).Bind(2, (through + 1) << StateSchema.PlaceBits).Run();
        }

        WriteCompacted(through);
    }

    /// <summary>Sets what <see cref="ReadCompacted"/> says. Within a transaction.</summary>
    public void WriteCompacted(long revision)
    {
        using var write = _connection.Prepare("UPDATE meta SET value = ?1 WHERE name = 'compacted'");
        write.Bind(1, revision).Run();
    }

    /// <summary>Sets what <see cref="ReadBoot"/> says. Within a transaction.</summary>
    public void WriteBoot(string boot)
    {
        using var write = _connection.Prepare("UPDATE meta SET value = ?1 WHERE name = 'boot'");
        write.Bind(1, boot).Run();
    }

    /// <summary>Moves the write-ahead log into the database file.</summary>
    public void Checkpoint() => _connection.Checkpoint();

    /// <summary>
    /// Makes the log longer before the commits that come would: a sync of what overwrites a file costs half of one that makes it longer, for which the
    /// file system commits its journal, too. What is ahead are zeros, which SQLite takes for the log's end. Between two transactions.
    /// </summary>
    /// <param name="mostPages">Where a log is written back anyway.</param>
    public void KeepLogAhead(int mostPages)
    {
        if (WalPages >= mostPages || _logBytes >= LogHeaderBytes + ((WalPages + (LogPiecePages / 4L)) * LogFrameBytes)) return;
        // Whether it can be done or not: it is not tried again at once.
        _logBytes = LogHeaderBytes + ((WalPages + (long)LogPiecePages) * LogFrameBytes);
        try
        {
            using var log = File.OpenHandle(Path + "-wal", FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            for (var length = RandomAccess.GetLength(log); length < _logBytes; length += s_zeros.Length) RandomAccess.Write(log, s_zeros, length);
        }
        catch (IOException)
        {
            // The disk is full. The next commit meets that itself, with what there is left of space.
        }
    }

    /// <summary>Looks through the whole file: SQLite's own check, and that entries and versions agree.</summary>
    /// <returns>What is wrong, a line each; empty when all is well.</returns>
    public IReadOnlyList<string> Check()
    {
        var faults = new List<string>();
        using (var check = _connection.Prepare("PRAGMA integrity_check"))
        {
            while (check.Step())
                if (check.Text(0) is not "ok" and var fault) faults.Add(fault);
        }

        using var mismatch = _connection.Prepare(
            "SELECT e.key FROM entry e LEFT JOIN version v ON v.id = e.id WHERE v.value IS NULL OR v.key <> e.key");
        while (mismatch.Step()) faults.Add($"key {mismatch.Text(0)} points to no value of its own");
        return faults;
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_begin, _commit, _rollback, _addVersion, _setEntry, _removeEntry]) statement.Dispose();
        _connection.Dispose();
    }

    static StateEvent ReadEvent(SqliteStatement read)
    {
        var key = read.Text(2);
        var revision = read.Integer(0) >> StateSchema.PlaceBits;
        var previous = read.IsNull(4)
            ? null
            : new StateEntry(key, read.Blob(6), read.Integer(5), read.Integer(4) >> StateSchema.PlaceBits);
        return read.IsNull(3)
            ? new StateEvent(StateEventKind.Delete, new StateEntry(key, default, 0, revision), previous)
            : new StateEvent(StateEventKind.Put, new StateEntry(key, read.Blob(3), read.Integer(1), revision), previous);
    }

    // A log is never older than its file's first page. SQLite takes a log without one for garbage and deletes it, with all that was
    // committed since the last checkpoint: with a small store that is everything.
    static void RefuseLost(string path)
    {
        var log = new FileInfo(path + "-wal");
        if (log is not { Exists: true, Length: > 0 } || new FileInfo(path) is { Exists: true, Length: > 0 }) return;
        throw StrakeException.DataLoss(
            $"state store {path}: the file is gone or empty, and its log {log.FullName} has {log.Length} bytes; nothing was touched: put the file "
            + "back from a backup, together with its log, or, to begin anew, move the log away");
    }

    // SQLite would make it 0644; records hold what users gave to containers. The log inherits the mode.
    static void CreateIfMissing(string path)
    {
        // Asked first, for the exception would cost a starting daemon some milliseconds. An existing file must not be opened here:
        // closing it would drop the lock of another store of this process.
        if (File.Exists(path)) return;
        try
        {
            using var created = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made it meanwhile; who gets it is decided by the lock.
        }
        catch (DirectoryNotFoundException e)
        {
            throw StrakeException.NotFound($"state store {path}: its folder does not exist", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw StrakeException.PermissionDenied($"state store {path}: cannot be made: {e.Message}", e);
        }
    }
}
