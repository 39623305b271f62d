using Strake.Kubernetes.Decisions.Snapshots;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Decisions.Snapshots;

public sealed class SnapshotDecisionsTests
{
    static readonly CsiSource s_volume = new("strake.csi", "h1");
    static readonly Claim s_claim = Given.Claim().BoundTo(Given.Volume());
    static readonly SnapshotClass s_class = new(Given.Meta("snap", ""), "strake.csi", true, TextMap.Empty);
    static readonly VolumeSnapshot s_held = new()
    {
        Metadata = Given.Meta("s") with { Finalizers = [VolumeFinalizers.SnapshotAsSource, VolumeFinalizers.BoundSnapshot] }, ClaimName = "claim", ClassName = "snap",
    };

    static readonly SnapshotContent s_content = new()
    {
        Metadata = new Metadata { Name = "snapcontent-uid-s", Finalizers = [VolumeFinalizers.BoundContent] },
        Driver = "strake.csi",
        DeletesStorage = true,
        Snapshot = new ClaimReference("default", "s", "uid-s"),
        VolumeHandle = "h1",
    };

    static readonly SnapshotView s_view = new(s_held) { Claim = s_claim, Volume = s_volume, Classes = [s_class] };

    [Fact]
    public void A_snapshot_is_held_then_gets_a_class_then_a_content()
    {
        var hold = Assert.IsType<SnapshotDecision.Mark>(SnapshotDecisions.Decide(s_view with { Snapshot = s_held with { Metadata = Given.Meta("s") } }));
        Assert.Equal(s_held, hold.After);
        SnapshotClass byDefault = s_class with { Metadata = s_class.Metadata.WithAnnotation("snapshot.storage.kubernetes.io/is-default-class", "true") };
        var assign = Assert.IsType<SnapshotDecision.Mark>(SnapshotDecisions.Decide(s_view with { Snapshot = s_held with { ClassName = null }, Classes = [byDefault] }));
        Assert.Equal("snap", assign.After.ClassName);
        var make = Assert.IsType<SnapshotDecision.MakeContent>(SnapshotDecisions.Decide(s_view));
        Assert.Equal(s_content, make.Content);
        Assert.Equal("Waiting for a snapshot default/s to be created by the CSI driver.", make.Event.Message);
    }

    [Fact]
    public void What_the_driver_says_of_the_content_is_read_at_the_snapshot()
    {
        SnapshotDecision.Mark Follow(VolumeSnapshot snapshot, SnapshotContent content) =>
            Assert.IsType<SnapshotDecision.Mark>(SnapshotDecisions.Decide(s_view with { Snapshot = snapshot, Content = content }));

        SnapshotDecision.Mark taken = Follow(s_held, s_content with { Handle = "x" });
        Assert.Equal("SnapshotCreated", taken.Event!.Reason);
        SnapshotContent done = s_content with { Handle = "x", IsReady = true, RestoreSize = Given.Size("1Gi") };
        SnapshotDecision.Mark ready = Follow(taken.After, done);
        Assert.Equal("Snapshot default/s is ready to use.", ready.Event!.Message);
        Assert.Equal(Given.Size("1Gi"), ready.After.RestoreSize);
        Assert.IsType<SnapshotDecision.Nothing>(SnapshotDecisions.Decide(s_view with { Snapshot = ready.After, Content = done }));
        Assert.Equal("SnapshotCreationFailed", Follow(s_held, s_content with { Error = "no" }).Event!.Reason);
    }

    [Fact]
    public void A_snapshot_that_cannot_be_taken_says_why_once()
    {
        Assert.Equal("Warning SnapshotContentCreationFailed", Told(s_view with { Claim = s_claim with { Phase = ClaimPhase.Pending } }));
        Assert.Equal("Warning SnapshotContentCreationFailed", Told(s_view with { Claim = null }));
        Assert.Equal("Warning SnapshotContentCreationFailed", Told(s_view with { Volume = null }));
        Assert.Equal("Warning SetDefaultSnapshotClassFailed", Told(s_view with { Snapshot = s_held with { ClassName = null } }));
        Assert.Equal("Warning GetSnapshotClassFailed", Told(s_view with { Classes = [] }));
        Assert.Equal("Warning SnapshotContentMissing", Told(s_view with { Snapshot = s_held with { BoundContent = "gone" } }));
        Assert.Equal("Warning SnapshotContentMisbound", Told(s_view with { Content = s_content with { Snapshot = new ClaimReference("default", "other") } }));
        var told = Assert.IsType<SnapshotDecision.Mark>(SnapshotDecisions.Decide(s_view with { Claim = null }));
        Assert.IsType<SnapshotDecision.Wait>(SnapshotDecisions.Decide(s_view with { Claim = null, Snapshot = told.After }));
    }

    [Fact]
    public void A_content_that_there_is_gets_the_snapshot_that_wants_it()
    {
        VolumeSnapshot wants = s_held with { ClaimName = "", WantedContent = "given" };
        SnapshotContent given = s_content with { Metadata = new Metadata { Name = "given" }, Snapshot = new ClaimReference("default", "s"), Handle = "x", IsReady = true };
        Assert.Equal("Warning SnapshotContentMissing", Told(new SnapshotView(wants)));
        var bind = Assert.IsType<SnapshotDecision.BindContent>(SnapshotDecisions.Decide(new SnapshotView(wants) { Content = given }));
        Assert.True(Assert.IsType<SnapshotDecision.Mark>(SnapshotDecisions.Decide(new SnapshotView(wants) { Content = bind.Content })).After.IsReady);
    }

    [Fact]
    public void A_snapshot_goes_after_its_content_and_the_content_after_the_drivers_snapshot()
    {
        SnapshotView going = s_view with { Snapshot = s_held with { Metadata = s_held.Metadata with { DeletedAt = Given.Noon }, BoundContent = s_content.Name }, Content = s_content };
        Assert.IsType<SnapshotDecision.Wait>(SnapshotDecisions.Decide(going with { IsBeingRestored = true }));
        Assert.Equal(new SnapshotDecision.DeleteContent(s_content.Name), SnapshotDecisions.Decide(going));
        SnapshotContent goingContent = s_content with { Metadata = s_content.Metadata with { DeletedAt = Given.Noon }, Handle = "x" };
        Assert.IsType<SnapshotDecision.Wait>(SnapshotDecisions.Decide(going with { Content = goingContent }));
        Assert.Equal(new ContentDecision.Delete("x"), ContentDecisions.Decide(goingContent, going.Snapshot));
        Assert.IsType<ContentDecision.Nothing>(ContentDecisions.Decide(goingContent, s_held));
        Assert.Empty(Assert.IsType<ContentDecision.LetGo>(ContentDecisions.LetGo(goingContent)).After.Metadata.Finalizers);
        Assert.Empty(Assert.IsType<SnapshotDecision.Mark>(SnapshotDecisions.Decide(going with { Content = null })).After.Metadata.Finalizers);
        Assert.IsType<SnapshotDecision.Mark>(SnapshotDecisions.Decide(going with { Content = s_content with { DeletesStorage = false } }));
        Assert.IsType<ContentDecision.LetGo>(ContentDecisions.Decide(goingContent with { DeletesStorage = false }, null));
    }

    [Fact]
    public void A_content_is_taken_until_it_is_ready()
    {
        Assert.Equal(new ContentDecision.Take("snapshot-uid-s"), ContentDecisions.Decide(s_content, s_held));
        Assert.IsType<ContentDecision.Nothing>(ContentDecisions.Decide(s_content with { IsReady = true, Handle = "x" }, s_held));
    }

    static string Told(SnapshotView view) => Assert.IsType<SnapshotDecision.Mark>(SnapshotDecisions.Decide(view)).Event is { } told ? $"{told.Type} {told.Reason}" : "";
}
