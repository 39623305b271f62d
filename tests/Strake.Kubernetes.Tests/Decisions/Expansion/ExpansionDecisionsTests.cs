using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Decisions.Expansion;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Decisions.Expansion;

public sealed class ExpansionDecisionsTests
{
    static readonly PersistentVolume s_volume = Given.Volume() with { Source = new VolumeSource("csi", "strake.csi", "h") };
    static readonly Claim s_bound = (Given.Claim() with { ClassName = "gold" }).BoundTo(s_volume);
    static readonly Claim s_wants = s_bound with { Request = Given.Size("2Gi") };
    static readonly ClassSet s_growing = ClassSet.Of(Given.Class("gold") with { AllowExpansion = true });

    [Fact]
    public void Only_bound_claims_of_classes_that_allow_it_grow()
    {
        Assert.Null(ExpansionAdmission.ReasonAgainst(s_bound, s_wants, s_growing));
        Assert.Equal("Only bound persistent volume claims can be expanded",
            ExpansionAdmission.ReasonAgainst(s_bound with { Phase = ClaimPhase.Pending }, s_wants, s_growing));
        const string NotByClass = "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize";
        Assert.Equal(NotByClass, ExpansionAdmission.ReasonAgainst(s_bound, s_wants, ClassSet.Of(Given.Class("gold"))));
        Assert.Equal(NotByClass, ExpansionAdmission.ReasonAgainst(s_bound, s_wants, ClassSet.Empty));
        Assert.Equal(NotByClass, ExpansionAdmission.ReasonAgainst(s_bound with { ClassName = "" }, s_wants with { ClassName = "" }, s_growing));
    }

    [Fact]
    public void A_claim_does_not_shrink_but_an_unmet_wish_can_be_taken_back()
    {
        Assert.Equal("field can not be less than status.capacity", ExpansionAdmission.ReasonAgainst(s_bound, s_bound with { Request = Given.Size("512Mi") }, s_growing));
        Assert.Null(ExpansionAdmission.ReasonAgainst(s_bound with { Request = Given.Size("9Gi") }, s_wants, s_growing));
    }

    [Fact]
    public void A_claim_grows_step_by_step_and_each_step_is_the_same_after_a_crash()
    {
        // Wanted: written down, then the driver is called, again and again until its answer is written.
        PersistentVolume volume = s_volume.BoundTo(s_wants);
        var begun = Assert.IsType<ExpansionDecision.Mark>(Decide(s_wants, volume));
        Assert.Equal("Resizing External resizer is resizing volume volume", Told(begun));
        Assert.Equal([new ClaimCondition("Resizing")], begun.After.Conditions);
        Assert.Equal(new ExpansionDecision.GrowVolume(Given.Size("2Gi")), Decide(begun.After, volume));

        // The volume has grown; the claim follows in the same write or, after a crash, in the next.
        (BindingPair grown, EventText told) = ExpansionDecisions.VolumeGrown(begun.After, volume, new GrownVolume(Given.Size("2Gi"), NodeFollows: true));
        Assert.Equal("Require file system resize of volume on node", told.Message);
        var afterCrash = Assert.IsType<ExpansionDecision.Mark>(Decide(begun.After, grown.Volume));
        Assert.Equal(grown.Claim, afterCrash.After);
        Assert.Equal("FileSystemResizeRequired Require file system resize of volume on node", Told(afterCrash));

        // The node's turn: when somebody has it mounted.
        Assert.IsType<ExpansionDecision.Wait>(Decide(grown.Claim, grown.Volume));
        Assert.Equal(new ExpansionDecision.GrowFileSystem(Given.Size("2Gi")),
            ExpansionDecisions.Decide(new ExpansionView(grown.Claim, grown.Volume) { IsMounted = true }));
        var done = Assert.IsType<ExpansionDecision.Mark>(ExpansionDecisions.FileSystemGrown(grown.Claim, grown.Volume));
        Assert.Equal("FileSystemResizeSuccessful MountVolume.NodeExpandVolume succeeded for volume \"volume\"", Told(done));
        Assert.Equal(Given.Size("2Gi"), done.After.Capacity);
        Assert.Empty(done.After.Conditions);
        Assert.IsType<ExpansionDecision.Nothing>(Decide(done.After, grown.Volume));
    }

    [Fact]
    public void A_device_has_no_file_system_to_grow()
    {
        Claim device = s_wants with { VolumeMode = VolumeMode.Block };
        (BindingPair grown, EventText told) = ExpansionDecisions.VolumeGrown(device, s_volume.BoundTo(device), new GrownVolume(Given.Size("2Gi"), NodeFollows: true));
        Assert.Equal("VolumeResizeSuccessful", told.Reason);
        Assert.Equal(Given.Size("2Gi"), grown.Claim.Capacity);
    }

    [Fact]
    public void A_failure_is_told_and_tried_again_unless_it_is_of_no_use()
    {
        PersistentVolume volume = s_volume.BoundTo(s_wants);
        Claim begun = Assert.IsType<ExpansionDecision.Mark>(Decide(s_wants, volume)).After;
        var failed = Assert.IsType<ExpansionDecision.Mark>(ExpansionDecisions.GrowFailed(begun, volume, "disk full", isFinal: false));
        Assert.Equal("VolumeResizeFailed resize volume \"volume\" by resizer \"strake.csi\" failed: disk full", Told(failed));
        Assert.IsType<ExpansionDecision.GrowVolume>(Decide(failed.After, volume));

        // Taken back: nothing is left of it.
        Claim back = failed.After with { Request = Given.Size("1Gi") };
        Assert.Empty(Assert.IsType<ExpansionDecision.Mark>(Decide(back, volume)).After.Conditions);
    }

    [Fact]
    public void Without_a_driver_the_claim_says_whom_it_waits_for()
    {
        var wait = Assert.IsType<ExpansionDecision.Wait>(ExpansionDecisions.Decide(new ExpansionView(s_wants, s_volume.BoundTo(s_wants)) { HasResizer = false }));
        Assert.Equal("waiting for an external controller to expand this PVC", wait.Event!.Message);
    }

    [Fact]
    public void What_is_not_bound_does_not_grow()
    {
        Assert.IsType<ExpansionDecision.Nothing>(Decide(s_wants with { Phase = ClaimPhase.Lost }, s_volume));
        Assert.IsType<ExpansionDecision.Nothing>(ExpansionDecisions.Decide(new ExpansionView(s_wants, null)));
        Assert.IsType<ExpansionDecision.Nothing>(Decide(s_wants, s_volume.BoundTo(Given.Claim("other"))));
    }

    static ExpansionDecision Decide(Claim claim, PersistentVolume volume) => ExpansionDecisions.Decide(new ExpansionView(claim, volume));

    static string Told(ExpansionDecision.Mark mark) => $"{mark.Event!.Reason} {mark.Event.Message}";
}
