using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Decisions.Binding;

/// <summary>The states of a volume: what there is before, what is decided, what there is after.</summary>
public sealed class VolumeDecisionsTests
{
    sealed record Row(string Name, PersistentVolume Before, Claim? Claim, Type Decision)
    {
        public PersistentVolume? After { get; init; }
        public string Event { get; init; } = "";
        public PodUse[] Pods { get; init; } = [];
    }

    static readonly Claim s_claim = Given.Claim();
    static readonly Claim s_elsewhere = s_claim.BoundTo(Given.Volume("elsewhere"));
    static readonly PersistentVolume s_volume = Given.Volume();
    static readonly PersistentVolume s_bound = s_volume.BoundTo(s_claim);
    static readonly PersistentVolume s_released = s_bound with { Phase = VolumePhase.Released };
    static readonly PersistentVolume s_reserved = s_volume with { ClaimReference = new ClaimReference("default", "claim") };

    static readonly Row[] s_rows =
    [
        // Not bound.
        Marks("a new volume is offered", s_volume with { Phase = VolumePhase.Pending }, null, s_volume),
        Nothing("an offered volume waits", s_volume, null),
        Marks("a reserved volume is offered to its claim", s_reserved with { Phase = VolumePhase.Pending }, null, s_reserved),
        Marks("a released volume without its claim's name is offered again", s_released with { ClaimReference = null }, null, s_released with { ClaimReference = null, Phase = VolumePhase.Available }),
        Marks("what failed and is free is offered, without the old message", s_volume with { Phase = VolumePhase.Failed, Message = "x" }, null, s_volume),

        // Bound.
        Nothing("both are bound", s_bound, s_claim.BoundTo(s_volume)),
        Marks("both are bound, a crash came before the phase", s_bound with { Phase = VolumePhase.Available }, s_claim.BoundTo(s_volume), s_bound),
        new("the claim does not know yet", s_bound, s_claim, typeof(VolumeDecision.WakeClaim)),
        new("the claim wants a device", s_bound, s_claim with { VolumeMode = VolumeMode.Block }, typeof(VolumeDecision.Refuse))
        {
            Event = "Warning VolumeMismatch Cannot bind PersistentVolume to requested PersistentVolumeClaim \"claim\" due to incompatible volumeMode.",
        },
        new("the claim went elsewhere", s_bound, s_elsewhere, typeof(VolumeDecision.Unbind)) { After = s_volume },
        new("the claim went elsewhere, and a user had reserved the volume", s_reserved with { ClaimReference = ClaimReference.To(s_claim), Phase = VolumePhase.Bound }, s_elsewhere,
            typeof(VolumeDecision.Unbind)) { After = s_reserved },
        Marks("the claim went elsewhere, and the volume was made for it", Made(s_bound), s_elsewhere, Made(s_bound) with { Phase = VolumePhase.Released }),
        new("and then is deleted", Made(s_released), s_elsewhere, typeof(VolumeDecision.Delete)),

        // The claim is gone.
        Marks("the claim is gone", s_bound, null, s_released),
        Marks("another claim has its name", s_bound, s_claim with { Metadata = s_claim.Metadata with { Uid = "new" } }, s_released),
        Nothing("kept", s_released, null),
        new("deleted", s_released with { ReclaimPolicy = ReclaimPolicy.Delete }, null, typeof(VolumeDecision.Delete)),
        new("deleted again after a failure", s_released with { ReclaimPolicy = ReclaimPolicy.Delete, Phase = VolumePhase.Failed }, null, typeof(VolumeDecision.Delete)),
        new("emptied", s_released with { ReclaimPolicy = ReclaimPolicy.Recycle }, null, typeof(VolumeDecision.Recycle)),
        new("not emptied while it is used", s_released with { ReclaimPolicy = ReclaimPolicy.Recycle }, null, typeof(VolumeDecision.Hold))
        {
            Pods = [Given.Pod("a", "claim"), Given.Pod("b", "claim")],
            Event = "Normal VolumeFailedRecycle Volume is used by pods: default/a,default/b",
        },
        new("to become nobody knows what", s_released with { ReclaimPolicy = ReclaimPolicy.Unknown }, null, typeof(VolumeDecision.Mark))
        {
            After = s_released with { ReclaimPolicy = ReclaimPolicy.Unknown, Phase = VolumePhase.Failed, Message = "Volume has unrecognized PersistentVolumeReclaimPolicy" },
            Event = "Warning VolumeUnknownReclaimPolicy Volume has unrecognized PersistentVolumeReclaimPolicy",
        },
    ];

    public static TheoryData<string> Names => [.. s_rows.Select(static row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_volume_is_decided_as_in_Kubernetes(string name)
    {
        Row row = Assert.Single(s_rows, row => row.Name == name);
        VolumeDecision decision = VolumeDecisions.Decide(new VolumeView(row.Before, row.Claim) { Users = row.Pods });
        Assert.IsType(row.Decision, decision);
        AssertOutcome(decision, row.After, row.Event);
    }

    [Fact]
    public void A_deletion_that_failed_is_said_once_and_kept_in_the_status()
    {
        PersistentVolume failed = s_released with { Phase = VolumePhase.Failed, Message = "no such disk" };
        AssertOutcome(VolumeDecisions.DeleteFailed(s_released, "no such disk"), failed, "Warning VolumeFailedDelete no such disk");
        Assert.IsType<VolumeDecision.Nothing>(VolumeDecisions.DeleteFailed(failed, "no such disk"));
        AssertOutcome(VolumeDecisions.DeleteFailed(s_released, "busy", inUse: true), null, "Normal VolumeDelete busy");
    }

    [Fact]
    public void An_emptied_volume_is_on_offer_again()
    {
        AssertOutcome(VolumeDecisions.Recycled(s_released), s_volume, "Normal VolumeRecycled Volume recycled");
        AssertOutcome(VolumeDecisions.RecycleFailed(s_released, "rm: x"), s_released with { Phase = VolumePhase.Failed, Message = "Recycle failed: rm: x" },
            "Warning VolumeFailedRecycle Recycle failed: rm: x");
        AssertOutcome(VolumeDecisions.RecycleImpossible(s_released), s_released with { Phase = VolumePhase.Failed, Message = "No recycler plugin found for the volume!" },
            "Warning VolumeFailedRecycle No recycler plugin found for the volume!");
    }

    static void AssertOutcome(VolumeDecision decision, PersistentVolume? expected, string expectedEvent)
    {
        (PersistentVolume? after, EventText? told) = decision switch
        {
            VolumeDecision.Mark mark => (mark.After, mark.Event),
            VolumeDecision.Unbind unbind => (unbind.After, unbind.Event),
            VolumeDecision.Refuse refuse => (null, refuse.VolumeEvent),
            VolumeDecision.Hold hold => (null, hold.Event),
            _ => ((PersistentVolume?)null, (EventText?)null),
        };
        Assert.Equal(expected, after);
        Assert.Equal(expectedEvent, told is null ? "" : $"{told.Type} {told.Reason} {told.Message}");
    }

    static Row Marks(string name, PersistentVolume before, Claim? claim, PersistentVolume after) => new(name, before, claim, typeof(VolumeDecision.Mark)) { After = after };

    static Row Nothing(string name, PersistentVolume before, Claim? claim) => new(name, before, claim, typeof(VolumeDecision.Nothing));

    static PersistentVolume Made(PersistentVolume volume) => volume.Noted(VolumeAnnotations.ProvisionedBy, "strake.csi") with { ReclaimPolicy = ReclaimPolicy.Delete };
}
