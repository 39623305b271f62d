using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Decisions.Protection;
using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Binding;

/// <summary>
/// What the controller has seen: claims, volumes, classes and pods at their newest known revisions. A volume that was just given to a claim counts as given while
/// that is being written, so that no two claims are given one; what the store says wins. Safe for threads.
/// </summary>
sealed class BindingCache
{
    // Well below the hour that events live.
    static readonly TimeSpan s_memory = TimeSpan.FromMinutes(15);

    readonly Lock gate = new();
    readonly Dictionary<ObjectId, StoredObject> stored = [];
    readonly Dictionary<ObjectKey, Claim> claims = [];
    readonly Dictionary<string, StorageClass> classes = new(StringComparer.Ordinal);
    readonly Dictionary<ObjectKey, Dictionary<string, PodUse>> consumers = [];
    readonly Dictionary<ObjectKey, Claim> unbound = [];
    readonly Dictionary<ObjectKey, long> arrivals = [];
    readonly Dictionary<ObjectKey, Telling> tellings = [];
    readonly VolumeIndex volumes = new();
    long watched;
    long lastArrival;
    ClassSet classSet = ClassSet.Empty;
    NodeView? node;

    /// <summary>Takes in what a list or a watch tells; says which claims and volumes are to be looked at for it.</summary>
    public IReadOnlyCollection<ObjectId> Apply(ObjectChange change)
    {
        lock (gate)
        {
            watched = Math.Max(watched, change.Revision);
            return stored.TryGetValue(change.Id, out StoredObject? known) && known.Revision >= change.Revision ? [] : Take(change.Id, change.After);
        }
    }

    /// <summary>Takes in what was written here, before the watch tells it; of what the watch has told already, and perhaps more, nothing.</summary>
    public IReadOnlyCollection<ObjectId> Learn(StoredObject written)
    {
        lock (gate) return written.Revision <= watched ? [] : Take(written.Id, written);
    }

    /// <summary>All claims and volumes that are not at rest, or may not be.</summary>
    public IReadOnlyCollection<ObjectId> Unsettled()
    {
        lock (gate)
            return
            [
                .. unbound.Keys.Select(ObjectId.Claim),
                .. volumes.All.Where(static volume => volume.Phase is not (VolumePhase.Bound or VolumePhase.Available)).Select(static volume => ObjectId.Volume(volume.Name)),
            ];
    }

    /// <summary>Decides for a claim; a volume that is given to it counts as given at once. Null when the claim is gone.</summary>
    public DecidedClaim? Decide(ObjectKey key, ProvisionerSet provisioners, DateTimeOffset now)
    {
        lock (gate)
        {
            if (!claims.TryGetValue(key, out Claim? claim)) return null;
            ClaimDecision decision = ClaimDecisions.Decide(
                new ClaimView(claim, volumes, classSet) { Consumers = [.. ConsumersOf(key)], Provisioners = provisioners, Node = node });
            StoredObject? itsVolume = null;
            if (decision is ClaimDecision.Bind bind)
            {
                itsVolume = stored[ObjectId.Volume(bind.Pair.Volume.Name)];
                volumes.Put(bind.Pair.Volume);
            }

            return new DecidedClaim(stored[ObjectId.Claim(key)], claim, decision, itsVolume) { News = News(claim, decision, now) };
        }
    }

    /// <summary>Decides for a volume. Null when it is gone.</summary>
    public DecidedVolume? Decide(string name)
    {
        lock (gate)
        {
            // As it is stored: what is being given to a claim just now is that claim's worker's business.
            if (!stored.TryGetValue(ObjectId.Volume(name), out StoredObject? known)) return null;
            var volume = PersistentVolume.Read(known.Document);
            Claim? claim = volume.ClaimReference is { } reference ? claims.GetValueOrDefault(reference.Key) : null;
            PodUse[] users = volume.ClaimReference is { } used ? [.. ConsumersOf(used.Key).Where(static pod => pod.IsScheduled && !pod.IsTerminated)] : [];
            return new DecidedVolume(known, volume, VolumeDecisions.Decide(new VolumeView(volume, claim) { Users = users }));
        }
    }

    /// <summary>The write that holds a claim or volume as long as it is used, or lets it go; null when it is as it should be, or gone.</summary>
    public ObjectWrite? Protect(ObjectId id)
    {
        lock (gate)
        {
            if (!stored.TryGetValue(id, out StoredObject? known)) return null;
            return id.Resource is ObjectId.Claims ? Protect(known, claims[id.Key]) : Protect(known, PersistentVolume.Read(known.Document));
        }
    }

    /// <summary>The claim of a key, or null.</summary>
    public Claim? FindClaim(ObjectKey key)
    {
        lock (gate) return claims.GetValueOrDefault(key);
    }

    /// <summary>A volume is as the store has it, not as it was to be; says which claims are to be looked at for it.</summary>
    public IReadOnlyCollection<ObjectId> Restore(string name)
    {
        lock (gate) return ApplyVolume(ObjectId.Volume(name), stored.GetValueOrDefault(ObjectId.Volume(name)));
    }

    // Claims that wait are looked at again and again: users are told what is new, and what an event's time to live would let them forget.
    EventText[] News(Claim claim, ClaimDecision decision, DateTimeOffset now)
    {
        if (decision is not ClaimDecision.Wait { Event: { } waiting }) return [];
        Telling? last = tellings.GetValueOrDefault(claim.Key);
        bool isOver = last is null || now - last.At >= s_memory;
        bool isOfVolumes = waiting.Reason is "FailedBinding" or "ProvisioningFailed" or "VolumeMismatch";
        EventText? considered = isOfVolumes && (isOver || last!.Volumes != volumes.Version) ? ClaimEvents.Considered(claim, volumes) : null;
        bool isNew = isOver || last!.Event != waiting;
        tellings[claim.Key] = new Telling(waiting, volumes.Version, isNew ? now : last!.At);
        return (isNew, considered) switch
        {
            (true, null) => [waiting],
            (true, _) => [waiting, considered],
            (false, null) => [],
            (false, _) => [considered],
        };
    }

    ObjectWrite? Protect(StoredObject known, Claim claim) => FinalizersOf(ProtectionDecisions.Decide(claim, ConsumersOf(claim.Key))) is { } finalizers
        ? new ObjectWrite(known.Id, known.Revision, ClaimDocument.With(known.Document, claim, claim with { Metadata = claim.Metadata with { Finalizers = finalizers } }))
        : null;

    static ObjectWrite? Protect(StoredObject known, PersistentVolume volume) => FinalizersOf(ProtectionDecisions.Decide(volume)) is { } finalizers
        ? new ObjectWrite(known.Id, known.Revision, VolumeDocument.With(known.Document, volume, volume with { Metadata = volume.Metadata with { Finalizers = finalizers } }))
        : null;

    static ValueList<string>? FinalizersOf(ProtectionDecision decision) => decision switch
    {
        ProtectionDecision.Protect protect => protect.Finalizers,
        ProtectionDecision.LetGo letGo => letGo.Finalizers,
        ProtectionDecision.Nothing or ProtectionDecision.Hold => null,
        _ => throw new InvalidOperationException($"no decision on protection: {decision}"),
    };

    IReadOnlyCollection<ObjectId> Take(ObjectId id, StoredObject? after)
    {
        StoredObject? before = stored.GetValueOrDefault(id);
        if (after is null) stored.Remove(id);
        else stored[id] = after;
        return id.Resource switch
        {
            ObjectId.Claims => ApplyClaim(id, after),
            ObjectId.Volumes => ApplyVolume(id, after),
            ObjectId.Classes => ApplyClass(id, after),
            ObjectId.Pods => ApplyPod(before, after),
            ObjectId.Nodes => ApplyNode(after),
            _ => [],
        };
    }

    // What waits for a node to be another one is looked at every now and then.
    IReadOnlyCollection<ObjectId> ApplyNode(StoredObject? after)
    {
        node = after is null ? null : NodeView.Read(after.Document);
        return [];
    }

    IReadOnlyCollection<ObjectId> ApplyClaim(ObjectId id, StoredObject? after)
    {
        claims.Remove(id.Key);
        unbound.Remove(id.Key);
        if (after is null) tellings.Remove(id.Key);
        Claim? claim = after is null ? null : Claim.Read(after.Document);
        if (claim is null) arrivals.Remove(id.Key);
        else claims.Add(id.Key, claim);
        if (claim is not null && !arrivals.ContainsKey(id.Key)) arrivals.Add(id.Key, ++lastArrival);
        if (claim is { Phase: not ClaimPhase.Bound }) unbound.Add(id.Key, claim);
        return
        [
            id,
            .. volumes.For(id.Key).Select(static volume => ObjectId.Volume(volume.Name)),
            .. claim is { VolumeName.Length: > 0 } ? (IEnumerable<ObjectId>)[ObjectId.Volume(claim.VolumeName)] : [],
        ];
    }

    IReadOnlyCollection<ObjectId> ApplyVolume(ObjectId id, StoredObject? after)
    {
        PersistentVolume? before = volumes.Find(id.Key.Name);
        if (after is null)
        {
            volumes.Remove(id.Key.Name);
            return [.. claims.Values.Where(claim => claim.VolumeName == id.Key.Name).Select(static claim => ObjectId.Claim(claim.Key))];
        }

        var volume = PersistentVolume.Read(after.Document);
        volumes.Put(volume);
        List<ObjectId> concerned = [id];
        if (volume.ClaimReference is { } reference) concerned.Add(ObjectId.Claim(reference.Key));
        if (before?.ClaimReference is { } earlier && earlier.Key != volume.ClaimReference?.Key) concerned.Add(ObjectId.Claim(earlier.Key));
        if (volume.ClaimReference is null)
        {
            // The oldest is looked at first; that it gets the volume is not promised, for several are looked at at once.
            concerned.AddRange(unbound.Values.Where(claim => Awaits(claim, volume)).OrderBy(static claim => claim.Metadata.CreatedAt).ThenBy(claim => arrivals[claim.Key]).Select(static claim => ObjectId.Claim(claim.Key)));
        }

        return concerned;
    }

    static bool Awaits(Claim claim, PersistentVolume volume) =>
        claim.VolumeName == volume.Name || (claim.VolumeName.Length == 0 && VolumeMatch.ReasonAgainst(claim, volume) is null);

    IReadOnlyCollection<ObjectId> ApplyClass(ObjectId id, StoredObject? after)
    {
        classes.Remove(id.Key.Name);
        if (after is not null) classes.Add(id.Key.Name, StorageClass.Read(after.Document));
        classSet = ClassSet.Of(classes.Values);
        return [.. unbound.Values.Where(claim => claim.ClassName is null || claim.ClassName == id.Key.Name).Select(static claim => ObjectId.Claim(claim.Key))];
    }

    IReadOnlyCollection<ObjectId> ApplyPod(StoredObject? before, StoredObject? after)
    {
        HashSet<ObjectKey> concerned = [];
        if (before is not null) RemovePod(PodUse.Read(before.Document), concerned);
        if (after is not null) AddPod(PodUse.Read(after.Document), concerned);
        return [.. concerned.SelectMany(key => volumes.For(key).Select(static volume => ObjectId.Volume(volume.Name)).Prepend(ObjectId.Claim(key)))];
    }

    void AddPod(PodUse pod, HashSet<ObjectKey> concerned)
    {
        foreach (ObjectKey key in ClaimsOf(pod))
        {
            if (!consumers.TryGetValue(key, out Dictionary<string, PodUse>? pods)) consumers.Add(key, pods = new Dictionary<string, PodUse>(StringComparer.Ordinal));
            pods[pod.Metadata.Name] = pod;
            concerned.Add(key);
        }
    }

    void RemovePod(PodUse pod, HashSet<ObjectKey> concerned)
    {
        foreach (ObjectKey key in ClaimsOf(pod))
        {
            concerned.Add(key);
            if (consumers.TryGetValue(key, out Dictionary<string, PodUse>? pods) && pods.Remove(pod.Metadata.Name) && pods.Count == 0) consumers.Remove(key);
        }
    }

    static IEnumerable<ObjectKey> ClaimsOf(PodUse pod) => pod.Volumes.Select(volume => new ObjectKey(pod.Metadata.Namespace, volume.ClaimName));

    IEnumerable<PodUse> ConsumersOf(ObjectKey claim) => consumers.TryGetValue(claim, out Dictionary<string, PodUse>? pods) ? pods.Values : [];

    sealed record Telling(EventText Event, long Volumes, DateTimeOffset At);
}
