using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Decisions.Scheduling;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Scheduling;

/// <summary>What the scheduler has seen: pods, claims, volumes, classes and the node. Whole documents are kept only of what it may write. Safe for threads.</summary>
/// <param name="node">The node's name.</param>
sealed class SchedulingCache(string node)
{
    readonly Lock gate = new();
    readonly Dictionary<ObjectId, long> revisions = [];
    readonly Dictionary<ObjectId, StoredObject> writable = [];
    readonly Dictionary<ObjectKey, PodUse> waiting = [];
    readonly Dictionary<ObjectKey, PodUse> placed = [];
    readonly Dictionary<string, Dictionary<string, Claim>> claims = new(StringComparer.Ordinal);
    readonly Dictionary<string, StorageClass> classes = new(StringComparer.Ordinal);
    readonly VolumeIndex volumes = new();
    ClassSet classSet = ClassSet.Empty;
    NodeView? view;

    /// <summary>Takes in what a list, a watch or a write of our own tells; says which pods are to be looked at for it.</summary>
    public IReadOnlyCollection<ObjectKey> Apply(ObjectChange change)
    {
        lock (gate)
        {
            if (revisions.TryGetValue(change.Id, out long known) && known >= change.Revision) return [];
            if (change.After is null) revisions.Remove(change.Id);
            else revisions[change.Id] = change.Revision;
            return change.Id.Resource switch
            {
                ObjectId.Pods => ApplyPod(change),
                ObjectId.Claims => ApplyClaim(change),
                ObjectId.Volumes => ApplyVolume(change),
                ObjectId.Classes => ApplyClass(change),
                ObjectId.Nodes => ApplyNode(change),
                _ => [],
            };
        }
    }

    /// <summary>All pods that have no node.</summary>
    public IReadOnlyCollection<ObjectKey> Waiting()
    {
        lock (gate) return [.. waiting.Keys];
    }

    /// <summary>Decides for a pod; null when it is gone or placed.</summary>
    public (StoredObject Stored, ScheduleDecision Decision)? Decide(ObjectKey key)
    {
        lock (gate)
        {
            if (!waiting.TryGetValue(key, out PodUse? pod)) return null;
            var seen = new ScheduleView(pod, view)
            {
                Neighbours = [.. placed.Values],
                Claims = claims.GetValueOrDefault(key.Namespace) ?? [],
                Volumes = volumes,
                Classes = classSet,
                Provisioners = ProvisionerSet.BuiltIn,
            };
            return (writable[ObjectId.Pod(key)], ScheduleDecisions.Decide(seen));
        }
    }

    /// <summary>The claims that a pod's own volumes want and that are not there yet.</summary>
    public IReadOnlyList<ObjectWrite> MissingClaims(ObjectKey key)
    {
        lock (gate)
        {
            if (!waiting.TryGetValue(key, out PodUse? pod) || pod.Metadata.IsBeingDeleted || !writable.TryGetValue(ObjectId.Pod(key), out StoredObject? stored)) return [];
            Dictionary<string, Claim>? home = claims.GetValueOrDefault(key.Namespace);
            return
            [
                .. pod.Volumes.Where(volume => volume.IsEphemeral && home?.ContainsKey(volume.ClaimName) is not true)
                    .Select(volume => new ObjectWrite(ObjectId.Claim(new ObjectKey(key.Namespace, volume.ClaimName)), 0, EphemeralClaim.Of(stored.Document, volume))),
            ];
        }
    }

    /// <summary>The document of a claim or volume that is not bound yet; null when it is, or is gone.</summary>
    public StoredObject? Find(ObjectId id)
    {
        lock (gate) return writable.GetValueOrDefault(id);
    }

    IReadOnlyCollection<ObjectKey> ApplyPod(ObjectChange change)
    {
        ObjectKey key = change.Id.Key;
        waiting.Remove(key);
        writable.Remove(change.Id);
        bool hadPlace = placed.Remove(key, out PodUse? before);
        PodUse? pod = change.After is null ? null : PodUse.Read(change.After.Document);
        if (pod is { IsScheduled: true }) placed[key] = pod;
        if (pod is { IsScheduled: false, IsTerminated: false })
        {
            waiting[key] = pod;
            writable[change.Id] = change.After!;
            return [key];
        }

        // What a pod leaves may be what another waits for.
        bool leaves = hadPlace && before is { IsTerminated: false } && pod is null or { IsTerminated: true };
        return leaves ? [.. waiting.Keys] : [];
    }

    IReadOnlyCollection<ObjectKey> ApplyClaim(ObjectChange change)
    {
        ObjectKey key = change.Id.Key;
        if (!claims.TryGetValue(key.Namespace, out Dictionary<string, Claim>? home)) claims[key.Namespace] = home = new(StringComparer.Ordinal);
        home.Remove(key.Name);
        writable.Remove(change.Id);
        if (change.After is not null)
        {
            var claim = Claim.Read(change.After.Document);
            home[key.Name] = claim;
            if (!claim.IsBindCompleted) writable[change.Id] = change.After;
        }

        return [.. waiting.Values.Where(pod => pod.Key.Namespace == key.Namespace && pod.Volumes.Any(volume => volume.ClaimName == key.Name)).Select(static pod => pod.Key)];
    }

    IReadOnlyCollection<ObjectKey> ApplyVolume(ObjectChange change)
    {
        writable.Remove(change.Id);
        if (change.After is null)
        {
            volumes.Remove(change.Id.Key.Name);
        }
        else
        {
            var volume = PersistentVolume.Read(change.After.Document);
            volumes.Put(volume);
            if (volume.Phase is not VolumePhase.Bound) writable[change.Id] = change.After;
        }

        return [.. waiting.Values.Where(static pod => pod.Volumes.Count > 0).Select(static pod => pod.Key)];
    }

    IReadOnlyCollection<ObjectKey> ApplyClass(ObjectChange change)
    {
        classes.Remove(change.Id.Key.Name);
        if (change.After is not null) classes[change.Id.Key.Name] = StorageClass.Read(change.After.Document);
        classSet = ClassSet.Of(classes.Values);
        return [.. waiting.Values.Where(static pod => pod.Volumes.Count > 0).Select(static pod => pod.Key)];
    }

    IReadOnlyCollection<ObjectKey> ApplyNode(ObjectChange change)
    {
        if (change.Id.Key.Name != node) return [];
        NodeView? before = view;
        view = change.After is null ? null : NodeView.Read(change.After.Document);
        return before == view ? [] : [.. waiting.Keys];
    }
}
