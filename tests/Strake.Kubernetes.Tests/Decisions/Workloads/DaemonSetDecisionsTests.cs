using Strake.Kubernetes.Decisions.Workloads;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Decisions.Workloads;

/// <summary>Whether the node has the pod of a daemon set that it shall have.</summary>
public sealed class DaemonSetDecisionsTests
{
    static readonly NodeView s_node = new() { Metadata = new Metadata { Name = "node", Labels = TextMap.Of(("disk", "ssd")) } };

    [Fact]
    public void A_node_without_a_pod_gets_one() => Assert.IsType<DaemonSetDecision.CreatePod>(DaemonSetDecisions.Decide(View()));

    [Fact]
    public void The_pod_that_is_wanted_stays() => Assert.IsType<DaemonSetDecision.Nothing>(DaemonSetDecisions.Decide(View(Pod("one"))));

    [Fact]
    public void Of_two_the_older_stays() =>
        Assert.Equal("two", Deleted(View(Pod("two") with { Pod = Pod("two").Pod with { Metadata = new Metadata { Name = "two", CreatedAt = DateTimeOffset.UnixEpoch.AddHours(1) } } }, Pod("one"))));

    [Fact]
    public void A_pod_of_an_older_template_goes_where_that_is_wanted()
    {
        Assert.Equal("one", Deleted(View(Pod("one", "old"))));
        DaemonSetView kept = View(Pod("one", "old"));
        Assert.IsType<DaemonSetDecision.Nothing>(DaemonSetDecisions.Decide(kept with { Set = kept.Set with { RollsOut = false } }));
    }

    [Fact]
    public void What_ends_is_waited_for()
    {
        WorkloadPod going = Pod("one");
        going = going with { Pod = going.Pod with { Metadata = going.Pod.Metadata with { DeletedAt = DateTimeOffset.UnixEpoch } } };
        Assert.IsType<DaemonSetDecision.Nothing>(DaemonSetDecisions.Decide(View(going)));
    }

    [Fact]
    public void A_pod_that_has_failed_makes_room()
    {
        WorkloadPod failed = Pod("one");
        var decision = Assert.IsType<DaemonSetDecision.DeletePod>(DaemonSetDecisions.Decide(View(failed with { Pod = failed.Pod with { Phase = PodPhase.Failed } })));
        Assert.Equal("FailedDaemonPod", decision.Event.Reason);
    }

    [Theory]
    [InlineData("disk", "ssd", true)]
    [InlineData("disk", "tape", false)]
    public void A_node_that_is_not_meant_has_none(string label, string value, bool isWanted)
    {
        DaemonSetView view = View(Pod("one"));
        view = view with { Set = view.Set with { Template = view.Set.Template with { NodeSelector = TextMap.Of((label, value)) } } };
        Assert.Equal(isWanted, view.IsWanted);
        Assert.Equal(isWanted ? null : "one", (DaemonSetDecisions.Decide(view) as DaemonSetDecision.DeletePod)?.Name);
    }

    [Theory]
    [InlineData("node.kubernetes.io/unschedulable", true)]
    [InlineData("mine", false)]
    public void What_keeps_others_away_keeps_it_away_only_if_it_does_not_bear_it(string taint, bool isWanted) =>
        Assert.Equal(isWanted, (View() with { Node = s_node with { Taints = [new Taint(taint, "", "NoSchedule")] } }).IsWanted);

    static string? Deleted(DaemonSetView view) => (DaemonSetDecisions.Decide(view) as DaemonSetDecision.DeletePod)?.Name;

    static DaemonSetView View(params WorkloadPod[] pods) => new(
        new DaemonSet { Metadata = new Metadata { Name = "set", Uid = "s" }, Template = new PodUse { Metadata = new Metadata { Name = "" } } }, "new", s_node) { Pods = pods };

    static WorkloadPod Pod(string name, string revision = "new") =>
        new(new PodUse { Metadata = new Metadata { Name = name, CreatedAt = DateTimeOffset.UnixEpoch }, Phase = PodPhase.Running, NodeName = "node" }, revision);
}
