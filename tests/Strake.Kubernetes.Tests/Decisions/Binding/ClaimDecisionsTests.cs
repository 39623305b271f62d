using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Decisions.Binding;

/// <summary>The states of a claim: what there is before, what is decided, what there is after.</summary>
public sealed class ClaimDecisionsTests
{
    sealed record Row(string Name, Claim Before, Claim After, string Event = "")
    {
        public PersistentVolume[] Volumes { get; init; } = [];
        public PersistentVolume? VolumeAfter { get; init; }
        public StorageClass[] Classes { get; init; } = [];
        public PodUse[] Pods { get; init; } = [];
        public Type Decision { get; init; } = typeof(ClaimDecision.Nothing);
    }

    static readonly Claim s_claim = Given.Claim();
    static readonly Claim s_gold = s_claim with { ClassName = "gold" };
    static readonly Claim s_unnamed = s_claim with { ClassName = null };
    static readonly Claim s_asks = s_claim with { VolumeName = "volume" };
    static readonly PersistentVolume s_volume = Given.Volume();
    static readonly PersistentVolume s_others = s_volume.BoundTo(Given.Claim("other"));
    static readonly StorageClass s_late = Given.Class("gold") with { BindingMode = BindingMode.WaitForFirstConsumer };

    static readonly Row[] s_rows =
    [
        // Any volume will do.
        Bound("a volume that fits is taken", s_claim, s_volume),
        Bound("a larger volume is taken", s_claim, s_volume with { Capacity = Given.Size("5Gi") }),
        Bound("a volume reserved by its user stays its user's choice", s_claim, s_volume with { ClaimReference = new ClaimReference("default", "claim") })
            with { VolumeAfter = s_volume with { ClaimReference = ClaimReference.To(s_claim), Phase = VolumePhase.Bound } },
        Bound("a volume reserved for the claim is taken, whatever its class", s_gold, Provisioned(s_gold) with { ClassName = "" })
            with { VolumeAfter = Provisioned(s_gold) with { ClassName = "" } },
        Waits("a volume of another class is not", s_claim, "Normal FailedBinding no persistent volumes available for this claim and no storage class is set",
            s_volume with { ClassName = "gold" }),
        Waits("a smaller volume is not", s_claim, "Normal FailedBinding no persistent volumes available for this claim and no storage class is set",
            s_volume with { Capacity = Given.Size("1023Mi") }),
        Waits("a device is not a directory", s_claim, "Normal FailedBinding no persistent volumes available for this claim and no storage class is set",
            s_volume with { VolumeMode = VolumeMode.Block }),
        Waits("a volume on its way out is not", s_claim, "Normal FailedBinding no persistent volumes available for this claim and no storage class is set",
            Given.Deleted(s_volume)),
        Waits("a released volume is not", s_claim, "Normal FailedBinding no persistent volumes available for this claim and no storage class is set",
            s_others with { Phase = VolumePhase.Released }),
        new("a claim on its way out gets none", Given.Deleted(s_claim), Given.Deleted(s_claim)) { Volumes = [s_volume] },
        Waits("a claim that was lost and unmarked waits anew", s_claim with { Phase = ClaimPhase.Lost, Capacity = Given.Size("1Gi"), GrantedModes = AccessModes.ReadWriteOnce },
            "Normal FailedBinding no persistent volumes available for this claim and no storage class is set")
            with { After = s_claim },

        // Classes.
        new("who names no class gets the default when no volume fits", s_unnamed, s_unnamed with { ClassName = "gold" })
        {
            Classes = [Given.DefaultClass("gold")], Decision = typeof(ClaimDecision.AssignClass),
        },
        new("the newest of several defaults", s_unnamed, s_unnamed with { ClassName = "new" })
        {
            Classes = [Given.DefaultClass("old"), Given.DefaultClass("new", minutes: 1)], Decision = typeof(ClaimDecision.AssignClass),
        },
        new("of defaults of one time the first by name", s_unnamed, s_unnamed with { ClassName = "a" })
        {
            Classes = [Given.DefaultClass("b"), Given.DefaultClass("a")], Decision = typeof(ClaimDecision.AssignClass),
        },
        Bound("who names no class takes a volume without one before the default", s_unnamed, s_volume) with { Classes = [Given.DefaultClass("gold")] },
        Waits("who wants no class gets no default", s_claim, "Normal FailedBinding no persistent volumes available for this claim and no storage class is set")
            with { Classes = [Given.DefaultClass("gold")] },
        Waits("a class that is missing is named", s_gold, "Warning ProvisioningFailed storageclass.storage.k8s.io \"gold\" not found"),

        // Who makes volumes.
        Provisions("our own driver", s_gold, "strake.csi"),
        Provisions("a Docker plugin", s_gold, "docker.io/volume-plugin/rexray"),
        Waits("a driver that is not there", s_gold,
            "Normal ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'ebs.csi.aws.com' or manually by the system administrator. "
            + "If volume creation is delayed, please verify that the provisioner is running and correctly registered.")
            with { Classes = [Given.Class("gold", "ebs.csi.aws.com")], After = s_gold.ProvisionedBy("ebs.csi.aws.com") },
        Waits("an in-tree name whose driver is not there", s_gold,
            "Normal ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'ebs.csi.aws.com' or manually by the system administrator. "
            + "If volume creation is delayed, please verify that the provisioner is running and correctly registered. "
            + "kubernetes.io/aws-ebs is served by the CSI driver ebs.csi.aws.com, which is not installed here: install it, or choose another class.")
            with { Classes = [Given.Class("gold", "kubernetes.io/aws-ebs")], After = s_gold.ProvisionedBy("ebs.csi.aws.com").Noted(VolumeAnnotations.MigratedTo, "ebs.csi.aws.com") },
        Waits("nobody", s_gold, "Warning ProvisioningFailed no volume plugin matched name: kubernetes.io/no-provisioner")
            with { Classes = [Given.Class("gold", "kubernetes.io/no-provisioner")] },

        // Classes that wait for a consumer.
        Waits("no consumer", s_gold, "Normal WaitForFirstConsumer waiting for first consumer to be created before binding") with { Classes = [s_late] },
        Waits("a volume that fits waits for the consumer too", s_gold, "Normal WaitForFirstConsumer waiting for first consumer to be created before binding",
            s_volume with { ClassName = "gold" }) with { Classes = [s_late] },
        Waits("a pod that was not scheduled", s_gold, "Normal WaitForPodScheduled waiting for pod web to be scheduled")
            with { Classes = [s_late], Pods = [Given.Pod("web", "claim") with { NodeName = "" }] },
        Waits("pods that were not scheduled", s_gold, "Normal WaitForPodScheduled waiting for pods a,b to be scheduled")
            with { Classes = [s_late], Pods = [Given.Pod("a", "claim") with { NodeName = "" }, Given.Pod("b", "claim") with { NodeName = "" }] },
        Waits("a pod that has ended is no consumer", s_gold, "Normal WaitForFirstConsumer waiting for first consumer to be created before binding")
            with { Classes = [s_late], Pods = [Given.Pod("a", "claim") with { NodeName = "", Phase = PodPhase.Failed }] },
        Provisions("a consumer was scheduled", s_gold.Noted(VolumeAnnotations.SelectedNode, "node"), "strake.csi") with { Classes = [s_late] },
        Bound("the scheduler chose a volume", s_gold, (s_volume with { ClassName = "gold" }).BoundTo(s_gold)) with { Classes = [s_late] },

        // A volume is being made.
        Provisions("a crash came before the volume", s_gold.ProvisionedBy("strake.csi").BeingProvisioned(), "strake.csi"),
        Provisions("a volume that comes along meanwhile is left to others", s_gold.BeingProvisioned(), "strake.csi") with { Volumes = [s_volume with { ClassName = "gold" }] },
        Bound("the volume was made", s_gold.BeingProvisioned(), Provisioned(s_gold)) with { After = s_gold.BoundTo(Provisioned(s_gold)), VolumeAfter = Provisioned(s_gold) },
        Abandons("the claim goes", Given.Deleted(s_gold.BeingProvisioned())),
        Abandons("a user has reserved another volume for the claim", s_gold.BeingProvisioned(), s_volume with { ClaimReference = new ClaimReference("default", "claim") }),
        Abandons("a user has named another volume", s_gold.BeingProvisioned() with { VolumeName = "volume" }, s_volume),

        // One volume and no other.
        Bound("the volume asked for is free", s_asks, s_volume) with { After = AsksAndHas() },
        Waits("the volume asked for is missing", s_asks, ""),
        Waits("the volume asked for is another's", s_asks, "Warning FailedBinding volume \"volume\" already bound to a different claim.", s_others),
        Waits("the volume asked for is of another claim of its name", s_asks, "Warning FailedBinding volume \"volume\" already bound to a different claim.",
            s_volume with { ClaimReference = new ClaimReference("default", "claim", "uid-before"), Phase = VolumePhase.Released }),
        Waits("the volume asked for goes", s_asks, "Warning VolumeMismatch Cannot bind to requested volume \"volume\": the volume is marked for deletion", Given.Deleted(s_volume)),
        Waits("the volume asked for is small", s_asks, "Warning VolumeMismatch Cannot bind to requested volume \"volume\": requested PV is too small",
            s_volume with { Capacity = Given.Size("1Mi") }),
        Waits("the volume asked for is of a class", s_asks, "Warning VolumeMismatch Cannot bind to requested volume \"volume\": storageClassName does not match",
            s_volume with { ClassName = "gold" }),
        Waits("the volume asked for has other attributes", s_asks, "Warning VolumeMismatch Cannot bind to requested volume \"volume\": volumeAttributesClassName does not match",
            s_volume with { AttributesClass = "fast" }),
        Waits("the volume asked for is a device", s_asks, "Warning VolumeMismatch Cannot bind to requested volume \"volume\": incompatible volumeMode",
            s_volume with { VolumeMode = VolumeMode.Block }),
        Waits("the volume asked for lacks a mode", s_asks, "Warning VolumeMismatch Cannot bind to requested volume \"volume\": incompatible accessMode",
            s_volume with { AccessModes = AccessModes.ReadOnlyMany }),
        Bound("each asks for the other", s_asks, s_volume with { ClaimReference = new ClaimReference("default", "claim") }) with
        {
            After = AsksAndHas(),
            VolumeAfter = s_volume with { ClaimReference = ClaimReference.To(s_asks), Phase = VolumePhase.Bound },
        },

        // Bound once.
        new("all is well", s_claim.BoundTo(s_volume), s_claim.BoundTo(s_volume)) { Volumes = [s_volume.BoundTo(s_claim)] },
        Bound("a crash came between the volume and the claim", s_claim, s_volume.BoundTo(s_claim)),
        Bound("a crash came before the phases", s_claim.BoundTo(s_volume) with { Phase = ClaimPhase.Pending, Capacity = null, GrantedModes = AccessModes.None },
            s_volume.BoundTo(s_claim) with { Phase = VolumePhase.Available }) with { After = s_claim.BoundTo(s_volume) },
        Bound("the volume forgot", s_claim.BoundTo(s_volume), s_volume),
        Bound("the volume forgot which of the name", s_claim.BoundTo(s_volume), s_volume with { ClaimReference = new ClaimReference("default", "claim") })
            with { VolumeAfter = s_volume with { ClaimReference = ClaimReference.To(s_claim), Phase = VolumePhase.Bound } },
        new("the volume has grown and the file system not yet", s_claim.BoundTo(s_volume), s_claim.BoundTo(s_volume))
        {
            Volumes = [s_volume.BoundTo(s_claim) with { Capacity = Given.Size("9Gi") }],
        },
        Loses("the name of the volume is gone", s_claim.BoundTo(s_volume) with { VolumeName = "" },
            "Warning ClaimLost Bound claim has lost reference to PersistentVolume. Data on the volume is lost!"),
        Loses("the volume is gone", s_claim.BoundTo(s_volume), "Warning ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is lost!"),
        Loses("the volume is another's", s_claim.BoundTo(s_volume), "Warning ClaimMisbound Two claims are bound to the same volume, this one is bound incorrectly", s_others),
        new("lost is said once", Lost(s_claim.BoundTo(s_volume)), Lost(s_claim.BoundTo(s_volume))),
        Bound("the volume came back", Lost(s_claim.BoundTo(s_volume)), s_volume),
        Loses("a bound claim on its way out can be lost too", Given.Deleted(s_claim.BoundTo(s_volume)),
            "Warning ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is lost!"),
    ];

    public static TheoryData<string> Names => [.. s_rows.Select(static row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_claim_is_decided_as_in_Kubernetes(string name)
    {
        Row row = Assert.Single(s_rows, row => row.Name == name);
        ClaimDecision decision = ClaimDecisions.Decide(ViewOf(row));

        Assert.IsType(row.Decision, decision);
        (Claim after, PersistentVolume? volume, EventText? told) = decision switch
        {
            ClaimDecision.Bind bind => (bind.Pair.Claim, bind.Pair.Volume, null),
            ClaimDecision.AssignClass assign => (assign.After, null, null),
            ClaimDecision.Wait wait => (wait.After, null, wait.Event),
            ClaimDecision.Provision provision => (provision.After, null, provision.Event),
            ClaimDecision.Lose lose => (lose.After, null, lose.Event),
            ClaimDecision.Abandon abandon => (abandon.After, null, null),
            _ => (row.Before, (PersistentVolume?)null, (EventText?)null),
        };
        Assert.Equal(row.After, after);
        Assert.Equal(row.VolumeAfter, volume);
        Assert.Equal(row.Event, told is null ? "" : $"{told.Type} {told.Reason} {told.Message}");
    }

    [Fact]
    public void A_claim_that_waits_always_says_why()
    {
        foreach (Row row in s_rows)
            if (ClaimDecisions.Decide(ViewOf(row)) is ClaimDecision.Wait wait) Assert.NotEqual("", wait.Reason);
    }

    static ClaimView ViewOf(Row row)
    {
        var index = new VolumeIndex();
        foreach (PersistentVolume volume in row.Volumes) index.Put(volume);
        return new ClaimView(row.Before, index, ClassSet.Of(row.Classes)) { Consumers = row.Pods, Provisioners = ProvisionerSet.BuiltIn };
    }

    static Row Bound(string name, Claim claim, PersistentVolume volume) =>
        new(name, claim, claim.BoundTo(volume)) { Volumes = [volume], VolumeAfter = volume.BoundTo(claim), Decision = typeof(ClaimDecision.Bind) };

    static Row Waits(string name, Claim claim, string told, params PersistentVolume[] volumes) =>
        new(name, claim, claim with { Phase = ClaimPhase.Pending }, told) { Volumes = volumes, Decision = typeof(ClaimDecision.Wait) };

    static Row Provisions(string name, Claim claim, string provisioner) =>
        new(name, claim, claim.ProvisionedBy(provisioner).BeingProvisioned(), "Normal Provisioning External provisioner is provisioning volume for claim \"default/claim\"")
        {
            Classes = [Given.Class("gold", provisioner)], Decision = typeof(ClaimDecision.Provision),
        };

    static Row Abandons(string name, Claim claim, params PersistentVolume[] volumes) =>
        new(name, claim, claim with { Metadata = claim.Metadata with { Finalizers = [] } }) { Volumes = volumes, Decision = typeof(ClaimDecision.Abandon) };

    static Row Loses(string name, Claim claim, string told, params PersistentVolume[] volumes) =>
        new(name, claim, Lost(claim), told) { Volumes = volumes, Decision = typeof(ClaimDecision.Lose) };

    static Claim Lost(Claim claim) => claim with { Phase = ClaimPhase.Lost, Capacity = null, GrantedModes = AccessModes.None };

    // A user's choice of the volume is not marked as the controller's.
    static Claim AsksAndHas() => s_asks.BoundTo(s_volume) with { Metadata = s_asks.Metadata.WithAnnotation(VolumeAnnotations.BindCompleted, "yes") };

    static PersistentVolume Provisioned(Claim claim) => Given.Volume("pvc-uid-claim").BoundTo(claim).Noted(VolumeAnnotations.ProvisionedBy, "strake.csi") with { ClassName = claim.EffectiveClass };
}
