using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Scheduling;

/// <summary>Whether a node suits a pod, but for its volumes.</summary>
static class NodeFit
{
    /// <summary>What speaks against the node; empty when nothing does. As in Kubernetes the first kind of reason stands alone.</summary>
    public static ValueList<ScheduleReason> ReasonsAgainst(ScheduleView view, NodeView node)
    {
        PodUse pod = view.Pod;
        PodUse[] running = [.. view.Neighbours.Where(static neighbour => !neighbour.IsTerminated)];
        return node switch
        {
            { IsUnschedulable: true } when !pod.Tolerations.Any(static toleration => toleration.Tolerates(s_unschedulable)) => [ScheduleReason.Unschedulable],
            _ when node.Taints.FirstOrDefault(taint => taint.KeepsAway && !pod.Tolerations.Any(toleration => toleration.Tolerates(taint))) is { } taint =>
                [ScheduleReason.Tainted(taint)],
            _ when !MatchesSelectors(pod, node) => [ScheduleReason.Affinity],
            _ when running.SelectMany(static neighbour => neighbour.HostPorts).Intersect(pod.HostPorts).Any() => [ScheduleReason.Ports],
            _ => [.. Shortages(pod, node, running)],
        };
    }

    /// <summary>Whether the node is one of those that a pod means, and nothing that is said of it keeps the pod away; who else is there is not asked.</summary>
    public static bool Admits(PodUse pod, NodeView node) => MatchesSelectors(pod, node)
        && !node.Taints.Any(taint => taint.KeepsAway && !pod.Tolerations.Any(toleration => toleration.Tolerates(taint)));

    static readonly Taint s_unschedulable = new("node.kubernetes.io/unschedulable", "", "NoSchedule");

    static bool MatchesSelectors(PodUse pod, NodeView node) =>
        pod.NodeSelector.All(label => node.Metadata.Labels.Find(label.Key) == label.Value) && pod.NodeAffinity?.Matches(node) is not false;

    static IEnumerable<ScheduleReason> Shortages(PodUse pod, NodeView node, PodUse[] running)
    {
        ComputeAmounts used = running.Aggregate(pod.Requests, static (sum, neighbour) => sum.Plus(neighbour.Requests));
        if (node.MaxPods > 0 && running.Length + 1 > node.MaxPods) yield return ScheduleReason.Pods;
        if (!pod.Requests.Cpu.IsZero && used.Cpu > node.Allocatable.Cpu) yield return ScheduleReason.Cpu;
        if (!pod.Requests.Memory.IsZero && used.Memory > node.Allocatable.Memory) yield return ScheduleReason.Memory;
    }
}
