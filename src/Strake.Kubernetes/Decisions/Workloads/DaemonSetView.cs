using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Workloads;

/// <summary>What a decision on a daemon set looks at: all of one moment.</summary>
/// <param name="Set">The set.</param>
/// <param name="Revision">The state of its template now.</param>
/// <param name="Node">The node; null when there is none yet.</param>
public sealed record DaemonSetView(DaemonSet Set, string Revision, NodeView? Node)
{
    /// <summary>Its pods.</summary>
    public IReadOnlyList<WorkloadPod> Pods { get; init; } = [];

    /// <summary>Whether the node shall have a pod: it is one of those that the template means, and nothing keeps the pod away.</summary>
    public bool IsWanted => Node is { } node && DaemonSetDecisions.Suits(Set, node);
}
