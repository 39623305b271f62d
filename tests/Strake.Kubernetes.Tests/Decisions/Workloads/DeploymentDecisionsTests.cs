using System.Text.Json;
using Strake.Kubernetes.Decisions.Workloads;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Decisions.Workloads;

public sealed class DeploymentDecisionsTests
{
    static readonly Deployment s_web = new() { Metadata = Given.Meta("web"), Replicas = 3 };

    [Fact]
    public void The_first_set_is_made_and_scaled()
    {
        Assert.Equal(new DeploymentDecision.CreateSet(3, 1), Decide(s_web));
        Assert.IsType<DeploymentDecision.Nothing>(Decide(s_web, Set("new", 3)));
        Assert.Equal(new DeploymentDecision.Scale("new", 3, 5), Decide(s_web with { Replicas = 5 }, Set("new", 3)));
        Assert.Equal(new DeploymentDecision.Scale("new", 3, 1), Decide(s_web with { Replicas = 1 }, Set("new", 3)));
        Assert.IsType<DeploymentDecision.Nothing>(Decide(s_web with { Metadata = s_web.Metadata with { DeletedAt = Given.Noon } }));
    }

    [Fact]
    public void A_roll_out_never_has_fewer_ready_pods_than_it_must_nor_more_pods_than_it_may()
    {
        var sets = new Dictionary<string, ReplicaSet>(StringComparer.Ordinal) { ["old"] = Set("old", 3, revision: 1) };
        for (int step = 0; step < 50; step++)
        {
            DeploymentDecision decision = Decide(s_web, [.. sets.Values]);
            if (decision is DeploymentDecision.Nothing) break;
            if (decision is DeploymentDecision.CreateSet create) sets["new"] = Set("new", create.Replicas, revision: create.Revision) with { Available = 0 };
            if (decision is DeploymentDecision.Scale scale) sets[scale.Name] = sets[scale.Name] with { Replicas = scale.To, Available = Math.Min(scale.To, sets[scale.Name].Available) };
            if (decision is DeploymentDecision.Wait) sets["new"] = sets["new"] with { Available = sets["new"].Replicas };
            Assert.True(sets.Values.Sum(static set => set.Replicas) <= 4 && sets.Values.Sum(static set => set.Available) >= 3, string.Join('\n', sets.Values));
        }

        Assert.Equal((0, 3, 2), (sets["old"].Replicas, sets["new"].Replicas, (int)sets["new"].Revision));
    }

    [Fact]
    public void Recreate_waits_until_the_old_are_gone()
    {
        Deployment recreates = s_web with { Recreates = true };
        Assert.Equal(new DeploymentDecision.Scale("old", 3, 0), Decide(recreates, Set("old", 3)));
        Assert.IsType<DeploymentDecision.Wait>(Decide(recreates, Set("old", 0) with { Present = 2 }));
        Assert.Equal(new DeploymentDecision.CreateSet(3, 2), Decide(recreates, Set("old", 0, revision: 1)));
    }

    [Fact]
    public void Old_pods_that_serve_nobody_go_at_once() =>
        Assert.Equal(new DeploymentDecision.Scale("bad", 2, 1), Decide(s_web, Set("bad", 2, revision: 1) with { Available = 1 }, Set("good", 2, revision: 2), Set("new", 0, revision: 3) with { Available = 0 }) switch
        {
            // Room for new ones comes first; without it, what is useless goes.
            DeploymentDecision.Scale { Name: "new" } => Decide(s_web with { MaxSurge = 0, MaxUnavailable = 1 }, Set("bad", 2, revision: 1) with { Available = 1 }, Set("good", 2, revision: 2), Set("new", 0, revision: 3) with { Available = 0 }),
            var other => other,
        });

    [Fact]
    public void A_template_of_long_ago_is_the_newest_again() =>
        Assert.Equal(new DeploymentDecision.Renumber("new", 3), Decide(s_web, Set("new", 0, revision: 1), Set("old", 3, revision: 2)));

    [Fact]
    public void A_pause_keeps_the_number_and_rolls_out_nothing()
    {
        Deployment paused = s_web with { IsPaused = true };
        Assert.IsType<DeploymentDecision.Nothing>(Decide(paused, Set("old", 3)));
        Assert.Equal(new DeploymentDecision.Scale("old", 3, 4), Decide(paused with { Replicas = 4 }, Set("old", 3)));
    }

    [Fact]
    public void Sets_without_pods_are_forgotten_beyond_a_number() =>
        Assert.Equal(new DeploymentDecision.DeleteSet("a"), Decide(s_web with { HistoryLimit = 1 }, Set("b", 0, revision: 2), Set("a", 0, revision: 1), Set("new", 3, revision: 3)));

    [Theory]
    [InlineData("""{"spec":{"replicas":4}}""", 1, 1)]
    [InlineData("""{"spec":{"replicas":10}}""", 3, 2)]
    [InlineData("""{"spec":{"replicas":1}}""", 1, 0)]
    [InlineData("""{"spec":{"replicas":4,"strategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":"50%"}}}}""", 0, 2)]
    [InlineData("""{"spec":{"replicas":4,"strategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":0}}}}""", 0, 1)]
    public void Shares_are_rounded_so_that_the_service_stays(string document, int surge, int unavailable)
    {
        var deployment = Deployment.Read(JsonDocument.Parse(document).RootElement);
        Assert.Equal((surge, unavailable), (deployment.MaxSurge, deployment.MaxUnavailable));
    }

    [Fact]
    public void A_replica_set_keeps_its_number_and_loses_those_that_are_missed_least()
    {
        ReplicaSet set = Set("new", 3);
        Assert.Equal(new ReplicaSetDecision.Create(1), ReplicaSetDecisions.Decide(set, [Pod("a"), Pod("b"), Ended("c")]));
        Assert.Equal(new ReplicaSetDecision.Delete(["unready"]), ReplicaSetDecisions.Decide(set, [Pod("a"), Pod("b"), Pod("c"), Pod("unready", ready: false)]));
        Assert.IsType<ReplicaSetDecision.Nothing>(ReplicaSetDecisions.Decide(set with { Metadata = set.Metadata with { DeletedAt = Given.Noon } }, []));
    }

    static DeploymentDecision Decide(Deployment deployment, params ReplicaSet[] sets) => DeploymentDecisions.Decide(new DeploymentView(deployment, "new", sets));

    // Named after the template that it is of.
    static ReplicaSet Set(string name, int replicas, long revision = 0) => new()
    {
        Metadata = Given.Meta(name) with
        {
            Labels = TextMap.Of((ReplicaSet.TemplateLabel, name)),
            Annotations = TextMap.Of((ReplicaSet.RevisionAnnotation, (revision == 0 && name == "new" ? 9 : revision).ToString(System.Globalization.CultureInfo.InvariantCulture))),
        },
        Replicas = replicas,
        Present = replicas,
        Ready = replicas,
        Available = replicas,
    };

    static WorkloadPod Pod(string name, bool ready = true) => new(Given.Pod(name) with { IsReady = ready }, "new");

    static WorkloadPod Ended(string name) => new(Given.Pod(name) with { Phase = PodPhase.Failed }, "new");
}
