namespace Strake.State;

/// <summary>
/// The records of a daemon: an ordered map from keys to bytes, changed by transactions that compare before they write, each of which
/// makes one revision, and watched from any revision that compaction has left.
/// </summary>
/// <remarks>
/// <para>The words are etcd's, and so are the laws, so that etcd can stand behind the interface:</para>
/// <list type="bullet">
/// <item>The <i>revision</i> is the store's clock: a transaction that changes something makes the next one, all of its changes carry it.
/// Revisions grow; after the machine (not the process) went down they may jump. A new store is at revision 0.</item>
/// <item>Every read is of one revision, the newest committed; a commit that has returned is seen by every later read.</item>
/// <item>Transactions are applied one after the other, each seeing those before. A failed expectation is a result, not an exception.</item>
/// <item>Keys are text, ordered by their UTF-8 bytes; a prefix is a plain string prefix, and the empty one is everything.</item>
/// <item>A key deleted and put again is a new one: its create revision is new.</item>
/// <item>Compaction at a revision forgets what was overwritten or deleted up to it; present entries and later history stay.</item>
/// </list>
/// <para>All members are thread-safe. The store never calls back into its callers, so no lock is held over their code.</para>
/// <para>Disposing ends the watches, finishes the commits that were accepted, and closes the store.</para>
/// </remarks>
/// <example>
/// <code>
/// var volumes = await store.RangeAsync("volume/", cancellationToken);      // a list…
/// await foreach (var change in store.WatchAsync("volume/", volumes.Revision + 1, cancellationToken))  // …and all that follows
///     Apply(change);
/// </code>
/// </example>
public interface IStateStore : IAsyncDisposable
{
    /// <summary>The revision of the last change; 0 for a store never written to.</summary>
    long Revision { get; }

    /// <summary>Reads one key. Cheap: in the embedded stores a look-up in memory that completes at once.</summary>
    /// <returns>The entry, or null when the key does not exist.</returns>
    ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Reads all keys that start with the prefix, in key order, as of one revision. Costs as much as there are entries.</summary>
    ValueTask<StateRange> RangeAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>
    /// Applies a transaction if all of its expectations hold, and returns when it is as durable as
    /// <see cref="StateTransaction.Durability"/> says.
    /// </summary>
    /// <param name="transaction">The transaction; must not be changed any more.</param>
    /// <param name="cancellationToken">
    /// Honoured while the transaction waits its turn: then it is not applied. Once the store has taken it up, it finishes.
    /// </param>
    /// <returns>The revision made, or the expectation that failed.</returns>
    /// <exception cref="StrakeException">
    /// <see cref="ErrorKind.Exhausted"/>: no space on disk, or over the store's capacity; nothing was applied, and the store goes on
    /// working when there is space again. <see cref="ErrorKind.Unavailable"/>: the disk failed; nothing was applied that a read of this
    /// process can see.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    ValueTask<CommitResult> CommitAsync(StateTransaction transaction, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reports every change of keys with the prefix, from a revision on, in the order in which they happened (within a transaction, in
    /// the order of its operations), each exactly once, and waits for more.
    /// </summary>
    /// <remarks>
    /// A watch holds no queue that could grow: a slow reader is served from the store's history, until compaction overtakes it. It
    /// never ends by itself but when the store is disposed.
    /// </remarks>
    /// <param name="prefix">The prefix of the keys; empty: all.</param>
    /// <param name="fromRevision">
    /// The first revision to report; may lie in the future. 0: what follows the revision of the store at the time of this call.
    /// </param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <exception cref="StrakeException">
    /// <see cref="ErrorKind.Exhausted"/>, from the enumeration: the history from that revision on is compacted (or the watch was so slow
    /// that it has been). Read the range anew and watch from its revision.
    /// </exception>
    IAsyncEnumerable<StateEvent> WatchAsync(string prefix, long fromRevision, CancellationToken cancellationToken = default);

    /// <summary>
    /// Forgets the history up to and including a revision: watches from it or before it are refused from then on. What is forgotten
    /// already stays so: idempotent.
    /// </summary>
    /// <exception cref="StrakeException"><see cref="ErrorKind.Invalid"/>: the revision is below 0 or has not been reached.</exception>
    ValueTask CompactAsync(long revision, CancellationToken cancellationToken = default);
}
