using Strake.Kubernetes.Decisions.Scheduling;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Workloads;

/// <summary>Whether the one node that there is has the one pod of a set that it shall have.</summary>
/// <remarks>
/// Kubernetes' <c>pkg/controller/daemon</c>. With one node an update makes do with one pod that is missing: <c>maxUnavailable</c> and <c>maxSurge</c> have nothing to say.
/// </remarks>
public static class DaemonSetDecisions
{
    static readonly DaemonSetDecision s_nothing = new DaemonSetDecision.Nothing();

    /// <summary>What pods of every set bear: they are there for a node that others are kept from.</summary>
    public static ValueList<Toleration> Tolerations { get; } =
    [
        new("node.kubernetes.io/not-ready", Exists: true, "", "NoExecute"),
        new("node.kubernetes.io/unreachable", Exists: true, "", "NoExecute"),
        new("node.kubernetes.io/disk-pressure", Exists: true, "", "NoSchedule"),
        new("node.kubernetes.io/memory-pressure", Exists: true, "", "NoSchedule"),
        new("node.kubernetes.io/pid-pressure", Exists: true, "", "NoSchedule"),
        new("node.kubernetes.io/unschedulable", Exists: true, "", "NoSchedule"),
    ];

    /// <summary>The decision for a set.</summary>
    /// <param name="view">What is seen.</param>
    public static DaemonSetDecision Decide(DaemonSetView view)
    {
        WorkloadPod[] staying = [.. view.Pods.Where(static pod => !pod.Pod.Metadata.IsBeingDeleted).OrderBy(static pod => pod.Pod.Metadata.CreatedAt).ThenBy(static pod => pod.Name, StringComparer.Ordinal)];
        return view switch
        {
            // Observed: on its way out; its pods go with it, or stay, as whoever deleted it wants.
            { Set.Metadata.IsBeingDeleted: true } => s_nothing,

            // Observed: a pod has ended as a whole. Another takes its place.
            _ when staying.FirstOrDefault(static pod => pod.Pod.IsTerminated) is { } ended => Delete(ended, Ended(ended, view.Node)),

            // Observed: a node that shall have none, or there is no node.
            { IsWanted: false } => staying.Length > 0 && view.Node is not null ? Delete(staying[0]) : s_nothing,

            // Observed: too many, as after an adoption.
            _ when staying.Length > 1 => Delete(staying[^1]),

            // Observed: none, and the last one's time to end is not over.
            _ when staying.Length == 0 && view.Pods.Count > 0 => s_nothing,

            // Observed: none.
            _ when staying.Length == 0 => new DaemonSetDecision.CreatePod(),

            // Observed: one of an older template.
            { Set.RollsOut: true } when staying[0].Revision != view.Revision => Delete(staying[0]),

            // Observed: the one that it shall have.
            _ => s_nothing,
        };
    }

    /// <summary>Whether a node shall have a pod of a set.</summary>
    internal static bool Suits(DaemonSet set, NodeView node) =>
        NodeFit.Admits(set.Template with { Tolerations = [.. set.Template.Tolerations, .. Tolerations] }, node);

    static DaemonSetDecision.DeletePod Delete(WorkloadPod pod, EventText? told = null) =>
        new(pod.Name, told ?? EventText.Normal("SuccessfulDelete", $"Deleted pod: {pod.Name}"));

    static EventText Ended(WorkloadPod pod, NodeView? node) => pod.Pod.Phase is PodPhase.Failed
        ? EventText.Warning("FailedDaemonPod", $"Found failed daemon pod {pod.Pod.Key} on node {node?.Name}, will try to kill it")
        : EventText.Normal("SucceededDaemonPod", $"Found succeeded daemon pod {pod.Pod.Key} on node {node?.Name}, will try to delete it");
}
