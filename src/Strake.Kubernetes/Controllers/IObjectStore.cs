namespace Strake.Kubernetes.Controllers;

/// <summary>
/// Where objects are kept, as controllers see it. Laws: a write happens whole or not at all, and only when every object is as expected; revisions grow; a list
/// is of one revision; a watch tells each change once, in order.
/// </summary>
/// <example>
/// <code>
/// ObjectList all = await store.ListAsync([ObjectId.Claims], ct);
/// await foreach (ObjectChange change in store.WatchAsync([ObjectId.Claims], all.Revision, ct)) …
/// </code>
/// </example>
public interface IObjectStore
{
    /// <summary>All objects of some kinds, at one moment.</summary>
    /// <param name="resources">The kinds.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<ObjectList> ListAsync(IReadOnlyCollection<string> resources, CancellationToken cancellationToken);

    /// <summary>One object, as it is now; null when there is none.</summary>
    /// <param name="id">Which.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    async ValueTask<StoredObject?> FindAsync(ObjectId id, CancellationToken cancellationToken) =>
        (await ListAsync([id.Resource], cancellationToken)).Objects.FirstOrDefault(item => item.Id == id);

    /// <summary>Writes several objects, all or none; durable when it returns.</summary>
    /// <param name="writes">What is written; an object once.</param>
    /// <param name="cancellationToken">Cancels while nothing is decided; then the write goes on.</param>
    /// <returns>The objects as they are then, in the order of the writes without those that went; null when one was not as expected, and nothing was written.</returns>
    ValueTask<IReadOnlyList<StoredObject>?> TryWriteAsync(IReadOnlyList<ObjectWrite> writes, CancellationToken cancellationToken);

    /// <summary>The changes of some kinds after a moment, until it is cancelled.</summary>
    /// <param name="resources">The kinds.</param>
    /// <param name="afterRevision">The moment.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    IAsyncEnumerable<ObjectChange> WatchAsync(IReadOnlyCollection<string> resources, long afterRevision, CancellationToken cancellationToken);
}
