using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Workloads;

/// <summary>What a decision on a set looks at: all of one moment.</summary>
/// <param name="Set">The set.</param>
/// <param name="Revision">The state of its template now.</param>
public sealed record StatefulSetView(StatefulSet Set, string Revision)
{
    /// <summary>Its pods.</summary>
    public IReadOnlyList<WorkloadPod> Pods { get; init; } = [];

    /// <summary>The claims of its namespace that its templates name, of any pod.</summary>
    public IReadOnlyList<Claim> Claims { get; init; } = [];
}
