using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Decisions.Scheduling;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Decisions.Scheduling;

public sealed class ScheduleDecisionsTests
{
    const string NoHelp = " preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
    const string NoVictims = " preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.";

    static readonly PodUse s_pod = Given.Pod("web", "claim") with { NodeName = "", Phase = PodPhase.Pending };
    static readonly PersistentVolume s_volume = Given.Volume() with { ClassName = "late" };
    static readonly Claim s_late = Given.Claim() with { ClassName = "late" };
    static readonly StorageClass s_class = Given.Class("late") with { BindingMode = BindingMode.WaitForFirstConsumer };
    static readonly Claim s_bound = s_late.BoundTo(s_volume);

    static readonly (string Name, ScheduleView View, string Expected)[] s_rows =
    [
        ("no node", View(s_pod, s_bound) with { Node = null }, "no nodes available to schedule pods"),
        ("claim missing", View(s_pod), $"0/1 nodes are available: persistentvolumeclaim \"claim\" not found.{NoHelp}"),
        ("claim going", View(s_pod, Given.Deleted(s_bound)), $"0/1 nodes are available: persistentvolumeclaim \"claim\" is being deleted.{NoHelp}"),
        ("claim lost", View(s_pod, s_bound with { Phase = ClaimPhase.Lost }), $"0/1 nodes are available: persistentvolumeclaim \"claim\" bound to non-existent persistentvolume \"volume\".{NoHelp}"),
        ("claim unbound", View(s_pod, Given.Claim()), $"0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.{NoHelp}"),
        ("own claim not made yet", View(s_pod with { Volumes = [new PodVolume("d", "web-d", IsEphemeral: true)] }),
            $"0/1 nodes are available: waiting for ephemeral volume controller to create the persistentvolumeclaim \"web-d\".{NoHelp}"),
        ("cordoned", View(s_pod, s_bound) with { Node = Given.Node() with { IsUnschedulable = true } }, $"0/1 nodes are available: 1 node(s) were unschedulable.{NoHelp}"),
        ("tainted", View(s_pod, s_bound) with { Node = Given.Node() with { Taints = [new Taint("disk", "full", "NoSchedule")] } },
            $"0/1 nodes are available: 1 node(s) had untolerated taint {{disk: full}}.{NoHelp}"),
        ("elsewhere", View(s_pod with { NodeSelector = TextMap.Of(("disk", "ssd")) }, s_bound), $"0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.{NoHelp}"),
        ("port taken", View(s_pod with { HostPorts = ["TCP/80"] }, s_bound) with { Neighbours = [Given.Pod("other") with { HostPorts = ["TCP/80"] }] },
            $"0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.{NoVictims}"),
        ("too large", View(s_pod with { Requests = new ComputeAmounts(Given.Size("3"), Given.Size("8Gi")) }, s_bound),
            $"0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.{NoVictims}"),
        ("too many", View(s_pod, s_bound) with { Node = Given.Node() with { MaxPods = 1 }, Neighbours = [Given.Pod("other")] }, $"0/1 nodes are available: 1 Too many pods.{NoVictims}"),
        ("once a pod", View(s_pod, s_bound with { AccessModes = AccessModes.ReadWriteOncePod }) with { Neighbours = [Given.Pod("other", "claim")] },
            "0/1 nodes are available: 1 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod." + NoVictims),
        ("volume gone", View(s_pod, s_bound) with { Volumes = new VolumeIndex() }, $"0/1 nodes are available: 1 node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s).{NoHelp}"),
        ("volume elsewhere", View(s_pod, s_bound) with { Volumes = Index(s_volume.BoundTo(s_late) with { NodeAffinity = Given.OnNode("other") }) },
            $"0/1 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity.{NoHelp}"),
        ("no volume, none made", View(s_pod, s_late) with { Volumes = new VolumeIndex(), Classes = ClassSet.Of(s_class with { Provisioner = "kubernetes.io/no-provisioner" }) },
            $"0/1 nodes are available: 1 node(s) didn't find available persistent volumes to bind.{NoHelp}"),
        ("no space", View(s_pod, s_late) with { Volumes = new VolumeIndex(), FreeSpace = new Dictionary<string, Kubernetes.Objects.Quantity> { ["late"] = Given.Size("1Mi") } },
            $"0/1 nodes are available: 1 node(s) did not have enough free storage.{NoHelp}"),
    ];

    public static TheoryData<string> Names => [.. s_rows.Select(static row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_pod_that_waits_is_told_why_in_Kubernetes_words(string name)
    {
        (_, ScheduleView view, string expected) = Assert.Single(s_rows, row => row.Name == name);
        var wait = Assert.IsType<ScheduleDecision.Wait>(ScheduleDecisions.Decide(view));
        Assert.Equal(EventText.Warning("FailedScheduling", expected), wait.Event);
        Assert.Equal("Unschedulable", wait.Condition);
    }

    [Fact]
    public void A_pod_whose_claims_are_ready_gets_the_node() => Assert.Equal(
        new ScheduleDecision.Place("node", EventText.Normal("Scheduled", "Successfully assigned default/web to node")), ScheduleDecisions.Decide(View(s_pod, s_bound)));

    [Fact]
    public void A_claim_that_waited_for_the_pod_gets_a_volume_that_fits_and_then_waits_for_it_to_be_bound()
    {
        var prepare = Assert.IsType<ScheduleDecision.PrepareClaims>(ScheduleDecisions.Decide(View(s_pod, s_late) with { Volumes = Index(s_volume) }));
        PersistentVolume reserved = Assert.Single(prepare.Reserved);
        Assert.Equal(ClaimReference.To(s_late), reserved.ClaimReference);
        Assert.Empty(prepare.Released);

        VolumeIndex after = Index(reserved);
        Assert.IsType<ScheduleDecision.AwaitClaims>(ScheduleDecisions.Decide(View(s_pod, s_late) with { Volumes = after }));
        var bind = Assert.IsType<ClaimDecision.Bind>(ClaimDecisions.Decide(new ClaimView(s_late, after, ClassSet.Of(s_class))));
        Assert.IsType<ScheduleDecision.Place>(ScheduleDecisions.Decide(View(s_pod, bind.Pair.Claim) with { Volumes = Index(bind.Pair.Volume) }));
    }

    [Fact]
    public void A_claim_that_waited_for_the_pod_has_a_volume_made_on_the_node()
    {
        var prepare = Assert.IsType<ScheduleDecision.PrepareClaims>(ScheduleDecisions.Decide(View(s_pod, s_late) with { Volumes = new VolumeIndex() }));
        Claim released = Assert.Single(prepare.Released);
        Assert.Equal("node", released.Metadata.Annotations.Find(VolumeAnnotations.SelectedNode));
        Assert.IsType<ScheduleDecision.AwaitClaims>(ScheduleDecisions.Decide(View(s_pod, released) with { Volumes = new VolumeIndex() }));
    }

    [Fact]
    public void Two_claims_of_a_pod_do_not_get_one_volume()
    {
        Claim small = Given.Claim("small") with { ClassName = "late", Request = Given.Size("1Mi") };
        PodUse pod = Given.Pod("web", "claim", "small") with { NodeName = "" };
        var prepare = Assert.IsType<ScheduleDecision.PrepareClaims>(ScheduleDecisions.Decide(
            View(pod, s_late, small) with { Volumes = Index(s_volume, Given.Volume("tiny", "1Mi") with { ClassName = "late" }) }));
        Assert.Equal(["tiny", "volume"], prepare.Reserved.Select(static volume => volume.Name));
    }

    [Fact]
    public void What_is_placed_ended_gated_or_going_is_left_alone()
    {
        Assert.IsType<ScheduleDecision.Nothing>(ScheduleDecisions.Decide(View(Given.Pod("web", "claim"))));
        Assert.IsType<ScheduleDecision.Nothing>(ScheduleDecisions.Decide(View(Given.Deleted(s_pod))));
        Assert.Equal("SchedulingGated", Assert.IsType<ScheduleDecision.Wait>(ScheduleDecisions.Decide(View(s_pod with { SchedulingGates = ["g"] }, s_bound))).Condition);
    }

    static ScheduleView View(PodUse pod, params Claim[] claims) => new(pod, Given.Node())
    {
        Claims = claims.ToDictionary(static claim => claim.Metadata.Name),
        Volumes = Index(s_volume.BoundTo(s_late)),
        Classes = ClassSet.Of(s_class),
    };

    static VolumeIndex Index(params PersistentVolume[] volumes)
    {
        var index = new VolumeIndex();
        foreach (PersistentVolume volume in volumes) index.Put(volume);
        return index;
    }
}
