using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Workloads;

/// <summary>How many pods of a replica set come or go.</summary>
/// <remarks>Kubernetes' <c>pkg/controller/replicaset</c>.</remarks>
public static class ReplicaSetDecisions
{
    static readonly ReplicaSetDecision s_nothing = new ReplicaSetDecision.Nothing();

    /// <summary>The decision for a set.</summary>
    /// <param name="set">The set.</param>
    /// <param name="pods">Its pods.</param>
    public static ReplicaSetDecision Decide(ReplicaSet set, IReadOnlyList<WorkloadPod> pods)
    {
        WorkloadPod[] active = [.. pods.Where(static pod => pod.IsActive)];
        return (active.Length - set.Replicas) switch
        {
            // Observed: on its way out; its pods go with it, or stay, as whoever deleted it wants.
            _ when set.Metadata.IsBeingDeleted => s_nothing,

            // Observed: too few.
            < 0 and int lack => new ReplicaSetDecision.Create(-lack),

            // Observed: too many.
            > 0 and int excess => new ReplicaSetDecision.Delete([.. InOrderOfLoss(active).Take(excess).Select(static pod => pod.Name)]),

            0 => s_nothing,
        };
    }

    // Those first that are missed least: without a node, not ready, then the youngest.
    static IEnumerable<WorkloadPod> InOrderOfLoss(IEnumerable<WorkloadPod> pods) => pods
        .OrderBy(static pod => pod.Pod.IsScheduled)
        .ThenBy(static pod => pod.IsHealthy)
        .ThenByDescending(static pod => pod.Pod.Metadata.CreatedAt)
        .ThenBy(static pod => pod.Name, StringComparer.Ordinal);
}
