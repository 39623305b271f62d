using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Workloads;

/// <summary>
/// What the controller has seen: workloads, and what belongs to them, at their newest known revisions. What it has written or deleted itself is known at once.
/// Safe for threads.
/// </summary>
sealed class WorkloadCache
{
    public const string StatefulSets = "statefulsets";
    public const string ReplicaSets = "replicasets";
    public const string Deployments = "deployments";
    public const string DaemonSets = "daemonsets";
    public const string Revisions = "controllerrevisions";

    readonly Lock gate = new();
    readonly Dictionary<ObjectId, StoredObject> stored = [];
    readonly Dictionary<string, HashSet<ObjectId>> byOwner = new(StringComparer.Ordinal);
    readonly Dictionary<ObjectId, OwnerReference> owners = [];
    readonly HashSet<ObjectId> free = [];
    readonly SortedSet<ObjectId> nodes = new(Comparer<ObjectId>.Create(static (one, other) => string.CompareOrdinal(one.Key.Name, other.Key.Name)));
    // What was deleted here at a revision that the watch has not told yet.
    readonly Dictionary<ObjectId, long> gone = [];
    long watched;

    /// <summary>Takes in what a list or a watch tells; says which workloads are to be looked at for it.</summary>
    public IReadOnlyCollection<ObjectId> Apply(ObjectChange change)
    {
        lock (gate)
        {
            watched = Math.Max(watched, change.Revision);
            if (gone.TryGetValue(change.Id, out long end))
            {
                if (end > change.Revision) return [];
                gone.Remove(change.Id);
            }

            return stored.TryGetValue(change.Id, out StoredObject? known) && known.Revision >= change.Revision ? [] : Take(change.Id, change.After);
        }
    }

    /// <summary>Takes in what was done here, before the watch tells it; of what the watch has told already, and perhaps more, nothing.</summary>
    public IReadOnlyCollection<ObjectId> Learn(ObjectChange change)
    {
        lock (gate)
        {
            if (change.Revision <= watched) return [];
            if (change.After is null) gone[change.Id] = change.Revision;
            return Take(change.Id, change.After);
        }
    }

    /// <summary>An object, or null.</summary>
    public StoredObject? Find(ObjectId id)
    {
        lock (gate) return stored.GetValueOrDefault(id);
    }

    /// <summary>What belongs to a workload, of one kind.</summary>
    public StoredObject[] Owned(string uid, string resource)
    {
        lock (gate) return byOwner.TryGetValue(uid, out HashSet<ObjectId>? all) ? [.. all.Where(id => id.Resource == resource).Select(id => stored[id])] : [];
    }

    /// <summary>What nobody manages in a namespace, of one kind.</summary>
    public StoredObject[] Free(string resource, string space)
    {
        lock (gate) return [.. free.Where(id => id.Resource == resource && id.Key.Namespace == space).Select(id => stored[id])];
    }

    /// <summary>The claims of a namespace that may belong to a set's pods.</summary>
    public StoredObject[] Claims(string space, Func<string, bool> isWanted)
    {
        lock (gate) return [.. stored.Values.Where(item => item.Id.Resource == ObjectId.Claims && item.Id.Key.Namespace == space && isWanted(item.Id.Key.Name))];
    }

    /// <summary>The node; null when there is none yet.</summary>
    public StoredObject? Node()
    {
        lock (gate) return nodes.Count > 0 ? stored[nodes.Min!] : null;
    }

    /// <summary>All workloads.</summary>
    public ObjectId[] Workloads()
    {
        lock (gate) return [.. stored.Keys.Where(static id => IsWorkload(id.Resource))];
    }

    IReadOnlyCollection<ObjectId> Take(ObjectId id, StoredObject? after)
    {
        List<ObjectId> concerned = [];
        if (owners.Remove(id, out OwnerReference? earlier))
        {
            if (byOwner.TryGetValue(earlier.Uid, out HashSet<ObjectId>? others) && others.Remove(id) && others.Count == 0) byOwner.Remove(earlier.Uid);
            AddOwner(concerned, earlier, id);
        }

        free.Remove(id);
        stored.Remove(id);
        if (IsWorkload(id.Resource)) concerned.Add(id);
        if (id.Resource is ObjectId.Claims)
        {
            // Of thousands of claims only those with a number can be a set's.
            if (!HasNumber(id.Key.Name)) return concerned;
            concerned.AddRange(In(id.Key.Namespace, StatefulSets));
        }

        if (id.Resource is ObjectId.Nodes) return TakeNode(id, after);
        if (after is null) return concerned;
        stored.Add(id, after);
        if (id.Resource is ObjectId.Claims) return concerned;
        if (Metadata.Read(after.Document).Controller is { } owner)
        {
            owners.Add(id, owner);
            if (!byOwner.TryGetValue(owner.Uid, out HashSet<ObjectId>? all)) byOwner.Add(owner.Uid, all = []);
            all.Add(id);
            if (owner != earlier) AddOwner(concerned, owner, id);
        }
        else if (id.Resource is not (StatefulSets or Deployments or DaemonSets))
        {
            free.Add(id);
            // Somebody may want it.
            concerned.AddRange(In(id.Key.Namespace, id.Resource is ReplicaSets ? [Deployments] : [StatefulSets, ReplicaSets, DaemonSets]));
        }

        return concerned;
    }

    // Its labels and taints may have changed.
    ObjectId[] TakeNode(ObjectId id, StoredObject? after)
    {
        nodes.Remove(id);
        if (after is not null)
        {
            nodes.Add(id);
            stored.Add(id, after);
        }

        return [.. stored.Keys.Where(static one => one.Resource is DaemonSets)];
    }

    ObjectId[] In(string space, params string[] resources) => [.. stored.Keys.Where(id => resources.Contains(id.Resource) && id.Key.Namespace == space)];

    static void AddOwner(List<ObjectId> concerned, OwnerReference owner, ObjectId id)
    {
        string? resource = owner.Kind switch
        {
            "StatefulSet" => StatefulSets,
            "ReplicaSet" => ReplicaSets,
            "Deployment" => Deployments,
            "DaemonSet" => DaemonSets,
            _ => null,
        };
        if (resource is not null) concerned.Add(new(resource, new ObjectKey(id.Key.Namespace, owner.Name)));
    }

    static bool IsWorkload(string resource) => resource is StatefulSets or ReplicaSets or Deployments or DaemonSets;

    static bool HasNumber(string name) => name.LastIndexOf('-') is > 0 and int dash && name.AsSpan(dash + 1) is { Length: > 0 } number && !number.ContainsAnyExceptInRange('0', '9');
}
