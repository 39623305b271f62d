using Strake.Kubernetes.Decisions.Workloads;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Decisions.Workloads;

public sealed class StatefulSetDecisionsTests
{
    static readonly StatefulSet s_set = new() { Metadata = Given.Meta("db"), Replicas = 3, ClaimTemplates = [new ClaimTemplate("data")] };

    [Fact]
    public void Pods_come_one_by_one_each_after_its_claims()
    {
        List<string> steps = Run(s_set, [], []);
        Assert.Equal(["+claim data-db-0", "+pod db-0", "+claim data-db-1", "+pod db-1", "+claim data-db-2", "+pod db-2"], steps);
    }

    [Fact]
    public void A_pod_waits_until_the_one_before_is_ready()
    {
        StatefulSetDecision decision = Decide(s_set, [Unready("db-0")], ["data-db-0"]);
        Assert.Equal(new StatefulSetDecision.Wait("pod db-0 is not ready"), decision);
        Assert.IsType<StatefulSetDecision.CreateClaim>(Decide(s_set with { IsParallel = true }, [Unready("db-0")], ["data-db-0"]));
    }

    [Fact]
    public void Scaled_down_and_up_each_pod_finds_its_own_claim()
    {
        List<WorkloadPod> pods = [Ready("db-0"), Ready("db-1"), Ready("db-2")];
        List<string> claims = ["data-db-0", "data-db-1", "data-db-2"];
        Assert.Equal(["-pod db-2", "-pod db-1"], Run(s_set with { Replicas = 1 }, pods, claims));
        Assert.Equal(["data-db-0", "data-db-1", "data-db-2"], claims);
        Assert.Equal(["+pod db-1", "+pod db-2"], Run(s_set, pods, claims));
    }

    [Fact]
    public void Claims_of_pods_that_were_scaled_away_go_when_the_set_says_so()
    {
        List<WorkloadPod> pods = [Ready("db-0"), Ready("db-1")];
        List<string> claims = ["data-db-0", "data-db-1"];
        Assert.Equal(["-pod db-1", "-claim data-db-1"], Run(s_set with { Replicas = 1, DeletesClaimsWhenScaled = true }, pods, claims));
    }

    [Fact]
    public void Claims_belong_to_the_set_when_they_are_to_go_with_it()
    {
        Claim claim = Given.Claim("data-db-0");
        var own = Assert.IsType<StatefulSetDecision.OwnClaim>(StatefulSetDecisions.Decide(
            new StatefulSetView(s_set with { DeletesClaimsWithSet = true }, "r1") { Claims = [claim] }));
        Assert.Equal("uid-db", Assert.Single(own.After.Metadata.Owners).Uid);
        var disown = Assert.IsType<StatefulSetDecision.OwnClaim>(StatefulSetDecisions.Decide(new StatefulSetView(s_set, "r1") { Claims = [own.After] }));
        Assert.Equal(claim, disown.After);
    }

    [Fact]
    public void A_new_template_replaces_pods_from_the_last_to_the_first()
    {
        List<WorkloadPod> pods = [Ready("db-0", "r0"), Ready("db-1", "r0"), Ready("db-2", "r0")];
        List<string> claims = ["data-db-0", "data-db-1", "data-db-2"];
        Assert.Equal(["-pod db-2", "+pod db-2", "-pod db-1", "+pod db-1", "-pod db-0", "+pod db-0"], Run(s_set, pods, claims));
    }

    [Fact]
    public void A_partition_and_a_strategy_keep_old_pods()
    {
        WorkloadPod[] pods = [Ready("db-0", "r0"), Ready("db-1", "r0"), Ready("db-2", "r0")];
        string[] claims = ["data-db-0", "data-db-1", "data-db-2"];
        Assert.IsType<StatefulSetDecision.Nothing>(Decide(s_set with { Partition = 3 }, pods, claims));
        Assert.IsType<StatefulSetDecision.Nothing>(Decide(s_set with { RollsOut = false }, pods, claims));
    }

    [Fact]
    public void A_pod_of_a_broken_template_is_replaced_when_the_template_is_mended() =>
        Assert.Equal("db-0", Assert.IsType<StatefulSetDecision.DeletePod>(Decide(s_set, [Unready("db-0", "broken")], ["data-db-0"])).Name);

    [Fact]
    public void A_pod_that_has_ended_makes_room_for_the_next_of_its_name()
    {
        WorkloadPod ended = Ready("db-0") with { Pod = Ready("db-0").Pod with { Phase = PodPhase.Failed, IsReady = false } };
        var delete = Assert.IsType<StatefulSetDecision.DeletePod>(Decide(s_set, [ended], ["data-db-0"]));
        Assert.Equal("StatefulSet default/db is recreating Failed Pod db-0", delete.Event.Message);
    }

    [Fact]
    public void A_claim_on_its_way_out_is_waited_for() => Assert.Equal(new StatefulSetDecision.Wait("claim data-db-0 is being deleted"), StatefulSetDecisions.Decide(
        new StatefulSetView(s_set, "r1") { Claims = [Given.Deleted(Given.Claim("data-db-0"))] }));

    [Theory]
    [InlineData("db-3", 3)]
    [InlineData("data-db-12", 12)]
    [InlineData("db-", null)]
    [InlineData("db-x", null)]
    [InlineData("other-3", null)]
    [InlineData("mydb-3", null)]
    public void A_number_stands_at_the_end_of_a_name(string name, int? expected) => Assert.Equal(expected, s_set.OrdinalOf(name));

    static StatefulSetDecision Decide(StatefulSet set, IReadOnlyList<WorkloadPod> pods, IEnumerable<string> claims) =>
        StatefulSetDecisions.Decide(new StatefulSetView(set, "r1") { Pods = pods, Claims = [.. claims.Select(static name => Given.Claim(name))] });

    // Does what is decided until nothing is; pods are ready at once.
    static List<string> Run(StatefulSet set, List<WorkloadPod> pods, List<string> claims)
    {
        List<string> steps = [];
        while (steps.Count < 100)
            switch (Decide(set, pods, claims))
            {
                case StatefulSetDecision.CreateClaim create:
                    claims.Add(create.Name);
                    steps.Add($"+claim {create.Name}");
                    break;
                case StatefulSetDecision.CreatePod create:
                    pods.Add(Ready(create.Name));
                    steps.Add($"+pod {create.Name}");
                    break;
                case StatefulSetDecision.DeletePod delete:
                    pods.RemoveAll(pod => pod.Name == delete.Name);
                    steps.Add($"-pod {delete.Name}");
                    break;
                case StatefulSetDecision.DeleteClaim delete:
                    claims.Remove(delete.Name);
                    steps.Add($"-claim {delete.Name}");
                    break;
                default:
                    return steps;
            }

        throw new InvalidOperationException("the set never comes to rest");
    }

    static WorkloadPod Ready(string name, string revision = "r1") => new(Given.Pod(name) with { IsReady = true }, revision);

    static WorkloadPod Unready(string name, string revision = "r1") => new(Given.Pod(name) with { Phase = PodPhase.Pending }, revision);
}
