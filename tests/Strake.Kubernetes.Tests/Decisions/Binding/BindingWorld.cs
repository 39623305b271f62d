using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;
using Quantity = Strake.Kubernetes.Objects.Quantity;

namespace Strake.Kubernetes.Tests.Decisions.Binding;

/// <summary>
/// A small world of claims and volumes in which users do as they like, and a controller decides and writes, one object at a time, dies between any two
/// writes, and writes what it decided on a view that is no longer true, which the compare of the versions must catch.
/// </summary>
sealed class BindingWorld(int seed)
{
    const int MaxClaims = 24;
    const int MaxVolumes = 32;

    readonly Random random = new(seed);
    readonly Dictionary<ObjectKey, Claim> claims = [];
    readonly Dictionary<string, int> versions = [];
    readonly Dictionary<string, Queue<Action>> underWay = [];
    ClassSet classes = ClassSet.Of(Given.Class("gold"), Given.Class("manual", "kubernetes.io/no-provisioner"), Given.Class("absent", "ebs.csi.aws.com"));
    int uids;

    public VolumeIndex Volumes { get; } = new();

    public IReadOnlyCollection<Claim> Claims => claims.Values;

    /// <summary>What drivers have made and not deleted, by name.</summary>
    public HashSet<string> Storage { get; } = [];

    public int Writes { get; private set; }

    /// <summary>Something happens: a user acts, the controller decides, or it writes one thing that it decided before, or it dies.</summary>
    public void Step()
    {
        switch (random.Next(20))
        {
            case 0 or 1: CreateClaim(); break;
            case 2: DeleteClaim(); break;
            case 3 or 4: CreateVolume(); break;
            case 5: DeleteVolume(); break;
            case 6: MeddleWithClaim(); break;
            case 7: MeddleWithVolume(); break;
            case 8: underWay.Clear(); break;
            case 9 or 10 or 11 or 12: Decide(); break;
            default: WriteOne(); break;
        }
    }

    /// <summary>The controller goes on, undisturbed, until it has nothing more to do; says how many rounds that took.</summary>
    public int Settle()
    {
        underWay.Clear();
        for (int round = 1; round < 50; round++)
        {
            int before = Writes;
            foreach (ObjectKey key in claims.Keys.ToArray()) Finish(Plan(claims[key]));
            foreach (string name in Volumes.All.Select(static volume => volume.Name).ToArray()) Finish(Plan(Volumes.Find(name)!));
            if (Writes == before) return round;
        }

        throw new InvalidOperationException("the controller never comes to rest");
    }

    public ClaimDecision DecisionFor(Claim claim) => ClaimDecisions.Decide(new ClaimView(claim, Volumes, classes));

    void CreateClaim()
    {
        var key = new ObjectKey(random.Next(2) == 0 ? "a" : "b", $"c{random.Next(MaxClaims / 2)}");
        if (claims.ContainsKey(key)) return;
        Put(Given.Claim(key.Name, key.Namespace) with
        {
            Metadata = Given.Meta(key.Name, key.Namespace) with { Uid = $"u{++uids}" },
            Request = Quantity.Of(random.Next(1, 4)),
            AccessModes = (AccessModes)random.Next(1, 4),
            VolumeMode = random.Next(6) == 0 ? VolumeMode.Block : VolumeMode.Filesystem,
            ClassName = random.Next(5) switch { 0 => null, 1 => "gold", 2 => "absent", _ => "" },
            VolumeName = random.Next(4) == 0 ? VolumeName() : "",
        });
    }

    void CreateVolume()
    {
        string name = VolumeName();
        if (Volumes.Find(name) is not null) return;
        Put(Given.Volume(name) with
        {
            Metadata = Given.Meta(name, "") with { Uid = $"u{++uids}" },
            Phase = VolumePhase.Pending,
            Capacity = Quantity.Of(random.Next(1, 5)),
            AccessModes = (AccessModes)random.Next(1, 4),
            VolumeMode = random.Next(6) == 0 ? VolumeMode.Block : VolumeMode.Filesystem,
            ReclaimPolicy = (ReclaimPolicy)random.Next(3),
            ClassName = random.Next(5) == 0 ? "gold" : "",
            ClaimReference = random.Next(4) == 0 ? new ClaimReference(random.Next(2) == 0 ? "a" : "b", $"c{random.Next(MaxClaims / 2)}") : null,
        });
    }

    void DeleteClaim()
    {
        if (claims.Count > 0 && RandomClaim() is { } claim) Put(Given.Deleted(claim));
    }

    void DeleteVolume()
    {
        // What was made by a driver is held until the driver has deleted it.
        if (Volumes.Count > 0 && random.Next(3) == 0 && RandomVolume() is { Provisioner: null } volume) Remove(volume);
    }

    void MeddleWithClaim()
    {
        // Whoever brings a claim back to a volume whose storage is being deleted, by hand, gets a volume without storage: that is beyond help.
        if (claims.Count == 0 || RandomClaim() is not { } claim || Volumes.All.Any(volume => IsReclaimed(volume) && volume.ClaimReference?.Uid == claim.Metadata.Uid)) return;
        Put(random.Next(4) switch
        {
            0 => claim with { Metadata = claim.Metadata.WithoutAnnotation(VolumeAnnotations.BindCompleted) },
            1 => claim with { VolumeName = claim.IsBindCompleted ? "" : claim.VolumeName },
            2 => claim with { Phase = ClaimPhase.Pending },
            _ => claim with { Metadata = claim.Metadata.WithoutAnnotation(VolumeAnnotations.BoundByController) },
        });
    }

    void MeddleWithVolume()
    {
        if (Volumes.Count == 0 || RandomVolume() is not { } volume || IsReclaimed(volume)) return;
        Put(random.Next(4) switch
        {
            0 => volume with { ClaimReference = null },
            1 => volume with { ClaimReference = volume.ClaimReference is { } reference ? reference with { Uid = "" } : null },
            2 => volume with { Phase = VolumePhase.Pending },
            _ => volume with { Capacity = Quantity.Of(random.Next(1, 5)) },
        });
        if (random.Next(20) == 0) classes = ClassSet.Of(Given.DefaultClass("gold"), Given.Class("absent", "ebs.csi.aws.com"));
    }

    static bool IsReclaimed(PersistentVolume volume) => volume is { Provisioner: not null, Phase: VolumePhase.Released or VolumePhase.Failed };

    void Decide()
    {
        // One plan for one object at a time, as the controller's queue sees to.
        if (underWay.Count > 4) return;
        if (random.Next(2) == 0 && claims.Count > 0 && RandomClaim() is { } claim) Begin(Id(claim), () => Plan(claim));
        else if (Volumes.Count > 0 && RandomVolume() is { } volume) Begin(Id(volume), () => Plan(volume));
    }

    void Begin(string id, Func<Queue<Action>> decide)
    {
        if (!underWay.ContainsKey(id) && decide() is { Count: > 0 } plan) underWay.Add(id, plan);
    }

    void WriteOne()
    {
        if (underWay.Count == 0) return;
        (string id, Queue<Action> plan) = underWay.ElementAt(random.Next(underWay.Count));
        try
        {
            plan.Dequeue()();
        }
        catch (StrakeException)
        {
            // Somebody was faster: what was decided on the older view is dropped, as the controller does.
            plan.Clear();
        }

        if (plan.Count == 0) underWay.Remove(id);
    }

    static void Finish(Queue<Action> plan)
    {
        while (plan.TryDequeue(out Action? write)) write();
    }

    Queue<Action> Plan(Claim claim) => DecisionFor(claim) switch
    {
        ClaimDecision.Nothing => [],
        ClaimDecision.Bind bind => new Queue<Action>([PutIfSame(bind.Pair.Volume), PutIfSame(bind.Pair.Claim)]),
        ClaimDecision.AssignClass assign => new Queue<Action>([PutIfSame(assign.After)]),
        ClaimDecision.Wait wait => wait.After == claim ? [] : new Queue<Action>([PutIfSame(wait.After)]),
        ClaimDecision.Lose lose => new Queue<Action>([PutIfSame(lose.After)]),
        ClaimDecision.Provision provision => new Queue<Action>(
            [PutIfSame(provision.After), () => Storage.Add(ProvisionedVolume.NameFor(claim)), PutIfSame(Provisioned(provision))]),
        ClaimDecision.Abandon abandon => new Queue<Action>([() => Storage.Remove(abandon.Storage ?? ""), PutIfSame(abandon.After)]),
        var other => throw new InvalidOperationException($"no decision: {other}"),
    };

    Queue<Action> Plan(PersistentVolume volume)
    {
        Claim? claim = volume.ClaimReference is { } reference ? claims.GetValueOrDefault(reference.Key) : null;
        return VolumeDecisions.Decide(new VolumeView(volume, claim)) switch
        {
            VolumeDecision.Mark mark => new Queue<Action>([PutIfSame(mark.After)]),
            VolumeDecision.Unbind unbind => new Queue<Action>([PutIfSame(unbind.After)]),
            VolumeDecision.Recycle => new Queue<Action>([PutIfSame(((VolumeDecision.Unbind)VolumeDecisions.Recycled(volume)).After)]),
            VolumeDecision.Delete => new Queue<Action>([() => Storage.Remove(volume.Name), RemoveIfSame(volume)]),
            VolumeDecision.Nothing or VolumeDecision.WakeClaim or VolumeDecision.Refuse => [],
            var other => throw new InvalidOperationException($"no decision: {other}"),
        };
    }

    static PersistentVolume Provisioned(ClaimDecision.Provision provision) => (Given.Volume(ProvisionedVolume.NameFor(provision.After)) with
    {
        Capacity = provision.After.Request,
        AccessModes = provision.After.AccessModes,
        VolumeMode = provision.After.VolumeMode,
        ClassName = provision.Class.Name,
        ReclaimPolicy = ReclaimPolicy.Delete,
        ClaimReference = ClaimReference.To(provision.After),
        Phase = VolumePhase.Pending,
    }).Noted(VolumeAnnotations.ProvisionedBy, provision.By.Name);

    Action PutIfSame(Claim claim)
    {
        int version = VersionOf(Id(claim));
        return () =>
        {
            Expect(Id(claim), version);
            Put(claim);
        };
    }

    Action PutIfSame(PersistentVolume volume)
    {
        int version = VersionOf(Id(volume));
        return () =>
        {
            Expect(Id(volume), version);
            Put(volume);
        };
    }

    Action RemoveIfSame(PersistentVolume volume)
    {
        int version = VersionOf(Id(volume));
        return () =>
        {
            Expect(Id(volume), version);
            Remove(volume);
        };
    }

    void Expect(string id, int version)
    {
        if (VersionOf(id) != version) throw StrakeException.Conflict($"{id} has changed");
    }

    void Put(Claim claim)
    {
        if (claim is { Metadata: { IsBeingDeleted: true, Finalizers.Count: 0 } }) claims.Remove(claim.Key);
        else claims[claim.Key] = claim;
        Touch(Id(claim));
    }

    void Put(PersistentVolume volume)
    {
        Volumes.Put(volume);
        Touch(Id(volume));
    }

    void Remove(PersistentVolume volume)
    {
        Volumes.Remove(volume.Name);
        Touch(Id(volume));
    }

    void Touch(string id)
    {
        versions[id] = VersionOf(id) + 1;
        Writes++;
    }

    int VersionOf(string id) => versions.GetValueOrDefault(id);

    static string Id(Claim claim) => $"claim/{claim.Key}";

    static string Id(PersistentVolume volume) => $"volume/{volume.Name}";

    string VolumeName() => $"v{random.Next(MaxVolumes)}";

    Claim RandomClaim() => claims.Values.ElementAt(random.Next(claims.Count));

    PersistentVolume RandomVolume() => Volumes.All.ElementAt(random.Next(Volumes.Count));
}
