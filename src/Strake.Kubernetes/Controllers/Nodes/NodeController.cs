using System.Text.Json.Nodes;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Nodes;

/// <summary>
/// Keeps up the objects that say what the machine is: its Node, its CSINode, and the CSIDriver of our own driver. What a user deletes comes back at once;
/// what he writes on the node (labels, taints, a cordon) stays.
/// </summary>
/// <param name="store">The objects.</param>
/// <param name="read">Reads what the machine is; asked at each heartbeat.</param>
/// <param name="time">The clock.</param>
public sealed class NodeController(IObjectStore store, Func<NodeFacts> read, TimeProvider time) : IDisposable
{
    // As often as a kubelet writes a status in which nothing has changed.
    static readonly TimeSpan s_heartbeat = TimeSpan.FromMinutes(5);

    static readonly string[] s_resources = [ObjectId.Nodes, ObjectId.CsiNodes, ObjectId.CsiDrivers];

    readonly Dictionary<ObjectId, StoredObject> known = [];
    readonly Lock gate = new();
    readonly WorkQueue<ObjectId> queue = new(time, BackOff.Default);

    /// <summary>Works until it is cancelled.</summary>
    /// <param name="failed">Told of each write that failed and will be tried again; must not throw.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Action<ObjectId, Exception> failed, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        string name = read().Name;
        ObjectId[] own = [ObjectId.Node(name), new(ObjectId.CsiNodes, new ObjectKey("", name)), new(ObjectId.CsiDrivers, new ObjectKey("", NodeDocuments.OwnDriver))];
        ObjectList all = await store.ListAsync(s_resources, cancellationToken);
        foreach (StoredObject item in all.Objects) Apply(new ObjectChange(item.Id, item.Revision, item));
        foreach (ObjectId id in own) queue.Add(id);
        await using ITimer heartbeat = time.CreateTimer(_ => queue.Add(own[0]), null, s_heartbeat, s_heartbeat);
        Task work = queue.RunAsync(1, StepAsync, failed, ending.Token);
        try
        {
            await foreach (ObjectChange change in store.WatchAsync(s_resources, all.Revision, cancellationToken))
            {
                Apply(change);
                if (change.After is null && own.Contains(change.Id)) queue.Add(change.Id);
            }
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

    /// <summary>Drops what waits.</summary>
    public void Dispose() => queue.Dispose();

    async Task StepAsync(ObjectId id, CancellationToken cancellationToken)
    {
        StoredObject? stored;
        lock (gate) stored = known.GetValueOrDefault(id);
        JsonObject? before = stored is null ? null : JsonObject.Create(stored.Document);
        NodeFacts facts = read();
        JsonObject? after = id.Resource switch
        {
            ObjectId.Nodes => NodeDocuments.Node(before, facts, time.GetUtcNow()),
            ObjectId.CsiNodes => NodeDocuments.CsiNode(before, facts),
            _ => before is null ? NodeDocuments.CsiDriver() : null,
        };
        if (after is null || (before is not null && JsonNode.DeepEquals(before, after))) return;
        if (await store.TryWriteAsync([new ObjectWrite(id, stored?.Revision ?? 0, after)], cancellationToken) is not { } written)
            throw StrakeException.Conflict($"{id} has changed; it is written anew");
        foreach (StoredObject item in written) Apply(new ObjectChange(item.Id, item.Revision, item));
    }

    void Apply(ObjectChange change)
    {
        lock (gate)
        {
            if (known.TryGetValue(change.Id, out StoredObject? last) && last.Revision > change.Revision) return;
            if (change.After is null) known.Remove(change.Id);
            else known[change.Id] = change.After;
        }
    }
}
