namespace Strake.State.Sqlite;

/// <summary>
/// The embedded store: one SQLite database, one writer with group commit, reads from memory.
/// </summary>
/// <remarks>
/// <para>All present entries are held in memory, loaded at open: records are small and few, reads stand in the path of every start of a
/// container, and transactions are decided without a query. Measured with 10,000 entries of 319 bytes on a busy machine of two cores: a
/// look-up 1 µs (SQLite's own, with a statement at hand: 6 µs, and only one thread can ask), 5 MiB of memory, 15 ms to load; with 300
/// entries the store is open within 1–4 ms. What it may cost is bounded by <see cref="SqliteStateOptions.CapacityBytes"/>; history is on
/// disk only.</para>
/// <para>The process that opens the file has it alone until it closes it or dies.</para>
/// <para>When the machine (not the process) went down since the store was last opened, <see cref="Durability.Eventual"/> commits may be
/// lost whose revisions watchers have seen. So that nobody resumes a watch into a history that differs from theirs, the first open after
/// a boot jumps the revision and starts history anew: watches from before are refused as compacted, and their owners read anew.</para>
/// </remarks>
/// <example><code>
/// await using var store = SqliteStateStore.Open(new SqliteStateOptions("/var/lib/strake/strake.db"));
/// </code></example>
public sealed class SqliteStateStore : IStateStore
{
    // Watches that keep up are served from memory; these are bounds of what is held for them beside the view.
    const int FeedRevisions = 1024;
    const long FeedBytes = 4 << 20;

    // More revisions than the log can hold when power fails.
    const long RevisionJump = 1 << 20;

    const string BootIdPath = "/proc/sys/kernel/random/boot_id";

    readonly WriterQueue _queue;
    readonly ChangeFeed _feed;
    readonly StateWriter _writer;

    SqliteStateStore(SqliteStateOptions options, StateFile file, StateView view)
    {
        _queue = new WriterQueue();
        _feed = new ChangeFeed(view.Revision, FeedRevisions, FeedBytes);
        _writer = new StateWriter(options, file, view, _queue, _feed);
    }

    /// <inheritdoc/>
    public long Revision => _writer.View.Revision;

    /// <summary>
    /// Why background upkeep (checkpoint, compaction) last failed; null when it never has. Nothing is lost by that, but the file grows.
    /// </summary>
    public StrakeException? UpkeepFailure => _writer.UpkeepFailure;

    /// <summary>Opens a store, makes it if missing. Costs some milliseconds and what the present entries need to be read.</summary>
    /// <exception cref="StrakeException">
    /// <see cref="ErrorKind.Unavailable"/>: another daemon uses it. <see cref="ErrorKind.DataLoss"/>: the file is damaged.
    /// <see cref="ErrorKind.NotSupported"/>: written by a later version, not a store, or the system's SQLite is too old.
    /// <see cref="ErrorKind.NotFound"/>: its folder does not exist. <see cref="ErrorKind.PermissionDenied"/>: it cannot be written.
    /// <see cref="ErrorKind.Exhausted"/>: no space on disk.
    /// </exception>
    public static SqliteStateStore Open(SqliteStateOptions options) => Open(options, BootId());

    /// <summary>As <see cref="Open(SqliteStateOptions)"/>, in a boot of the machine that a test names.</summary>
    internal static SqliteStateStore Open(SqliteStateOptions options, string boot)
    {
        var file = StateFile.Open(options.Path);
        try
        {
            EnterBoot(file, boot);
            return new SqliteStateStore(options, file, file.Load());
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<StateEntry?>(cancellationToken)
            : ValueTask.FromResult(_writer.View.Find(key));

    /// <inheritdoc/>
    public ValueTask<StateRange> RangeAsync(string prefix, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<StateRange>(cancellationToken)
            : ValueTask.FromResult(_writer.View.Range(prefix));

    /// <inheritdoc/>
    public async ValueTask<CommitResult> CommitAsync(StateTransaction transaction, CancellationToken cancellationToken = default)
    {
        var commit = new PendingCommit(transaction);
        await _queue.AddAsync(commit, cancellationToken);
        await using var cancellation = cancellationToken.UnsafeRegister(static (state, token) => ((PendingCommit)state!).Cancel(token), commit);
        return await commit.Completion;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StateEvent> WatchAsync(string prefix, long fromRevision, CancellationToken cancellationToken = default) =>
        _feed.Watch(prefix, fromRevision == 0 ? Revision + 1 : fromRevision, ReadHistoryAsync, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask CompactAsync(long revision, CancellationToken cancellationToken = default)
    {
        if (revision < 0) throw StrakeException.Invalid($"state: compaction at revision {revision}");
        await OnWriterAsync(
            () =>
            {
                _writer.Compact(revision);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Reads the whole file and says what is wrong with it. Commits wait meanwhile; costs as much as the file is large.</summary>
    /// <returns>A line for each fault; empty when all is well.</returns>
    public async ValueTask<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken = default) =>
        await OnWriterAsync(_writer.Check, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _writer.Finished;
    }

    async ValueTask<HistoryPage> ReadHistoryAsync(long from, CancellationToken cancellationToken) =>
        await OnWriterAsync(() => _writer.ReadHistory(from), cancellationToken);

    // Runs on the writer's thread, which alone may use the database; cancelling gives up the wait, not what has begun.
    async Task<T> OnWriterAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.AddAsync(
            () =>
            {
                try
                {
                    completion.SetResult(work());
                }
                catch (Exception e)
                {
                    completion.SetException(e);
                }
            },
            cancellationToken);
        return await completion.Task.WaitAsync(cancellationToken);
    }

    static void EnterBoot(StateFile file, string boot)
    {
        var last = file.ReadBoot();
        if (string.Equals(last, boot, StringComparison.Ordinal)) return;
        file.Begin(Durability.Synced);
        if (last.Length > 0)
        {
            var revision = file.Load().Revision;
            file.Compact(file.ReadCompacted(), revision);
            file.WriteCompacted(revision + RevisionJump);
        }

        file.WriteBoot(boot);
        file.Commit();
    }

    static string BootId() => File.ReadAllText(BootIdPath).Trim();
}
