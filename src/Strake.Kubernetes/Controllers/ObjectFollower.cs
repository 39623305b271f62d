namespace Strake.Kubernetes.Controllers;

/// <summary>
/// What controllers have in common: they see all objects of some kinds, then each change, and take a step for each object that a change concerns, one at a time for an
/// object; a step that failed is taken again later. It keeps no objects: a step looks them up, so that thousands of them stand in memory once.
/// </summary>
/// <param name="store">The objects.</param>
/// <param name="resources">The kinds.</param>
/// <param name="time">The clock.</param>
sealed class ObjectFollower(IObjectStore store, string[] resources, TimeProvider time)
{
    /// <summary>How many steps are taken at once.</summary>
    public int Workers { get; init; } = 8;

    /// <summary>Works until it is cancelled; returns when the steps under way have ended.</summary>
    /// <param name="concerned">Whom a change concerns.</param>
    /// <param name="step">Takes a step for an object.</param>
    /// <param name="failed">Told of each step that failed; must not throw.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(
        Func<ObjectChange, CancellationToken, ValueTask<IEnumerable<ObjectId>>> concerned,
        Func<ObjectId, CancellationToken, Task> step,
        Action<ObjectId, Exception> failed,
        CancellationToken cancellationToken)
    {
        using var queue = new WorkQueue<ObjectId>(time, BackOff.Default);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task work = queue.RunAsync(Workers, step, failed, ending.Token);
        try
        {
            long revision = await BeginAsync(change => AddAsync(queue, concerned(change, cancellationToken)), cancellationToken);
            await foreach (ObjectChange change in store.WatchAsync(resources, revision, cancellationToken)) await AddAsync(queue, concerned(change, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to end.
        }
        finally
        {
            await ending.CancelAsync();
            await work;
        }
    }

    /// <summary>An object as it is now; null when there is none.</summary>
    public ValueTask<StoredObject?> FindAsync(ObjectId id, CancellationToken cancellationToken) => store.FindAsync(id, cancellationToken);

    /// <summary>All objects of a kind as they are now.</summary>
    public async ValueTask<IReadOnlyList<StoredObject>> AllAsync(string resource, CancellationToken cancellationToken) =>
        (await store.ListAsync([resource], cancellationToken)).Objects;

    /// <summary>Writes.</summary>
    /// <exception cref="StrakeException">Conflict: an object was not as expected; what is to be done is decided anew.</exception>
    public async Task WriteAsync(IReadOnlyList<ObjectWrite> writes, CancellationToken cancellationToken)
    {
        if (await store.TryWriteAsync(writes, cancellationToken) is null) throw StrakeException.Conflict($"{writes[0].Id} has changed; it is decided anew");
    }

    async Task<long> BeginAsync(Func<ObjectChange, Task> seen, CancellationToken cancellationToken)
    {
        ObjectList all = await store.ListAsync(resources, cancellationToken);
        foreach (StoredObject item in all.Objects) await seen(new ObjectChange(item.Id, item.Revision, item));
        return all.Revision;
    }

    static async Task AddAsync(WorkQueue<ObjectId> queue, ValueTask<IEnumerable<ObjectId>> ids)
    {
        foreach (ObjectId id in await ids) queue.Add(id);
    }
}
