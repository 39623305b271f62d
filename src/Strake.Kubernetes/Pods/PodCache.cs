using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>The pods of the node as they were last seen, by their identity. Safe for threads.</summary>
/// <param name="node">The node's name.</param>
sealed class PodCache(string node)
{
    readonly Lock gate = new();
    readonly Dictionary<ObjectKey, (string Uid, long Revision)> keys = [];
    readonly Dictionary<string, (StoredObject Stored, Pod Pod)> pods = new(StringComparer.Ordinal);

    /// <summary>The uids of all pods of the node.</summary>
    public IReadOnlySet<string> Uids()
    {
        lock (gate) return pods.Keys.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>A pod; null: its object is gone, or it is not of this node.</summary>
    public (StoredObject Stored, Pod Pod)? Find(string uid)
    {
        lock (gate) return pods.TryGetValue(uid, out var found) ? found : null;
    }

    /// <summary>The pods that a condition holds for.</summary>
    public IReadOnlyList<string> Where(Func<Pod, bool> condition)
    {
        lock (gate) return [.. pods.Where(entry => condition(entry.Value.Pod)).Select(static entry => entry.Key)];
    }

    /// <summary>Takes in what a list, a watch or a write of our own tells; says which pods are to be looked at for it.</summary>
    public IReadOnlyList<string> Apply(ObjectChange change)
    {
        lock (gate)
        {
            List<string> concerned = [];
            if (keys.TryGetValue(change.Id.Key, out var known))
            {
                if (known.Revision >= change.Revision) return [];
                concerned.Add(known.Uid);
            }

            Pod? pod = change.After is null ? null : Pod.Read(change.After.Document);
            if (known.Uid is not null && known.Uid != pod?.Uid) pods.Remove(known.Uid);
            keys.Remove(change.Id.Key);
            if (pod is null || pod.NodeName != node) return concerned;
            keys[change.Id.Key] = (pod.Uid, change.Revision);
            pods[pod.Uid] = (change.After!, pod);
            if (!concerned.Contains(pod.Uid)) concerned.Add(pod.Uid);
            return concerned;
        }
    }
}
