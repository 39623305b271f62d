using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Workloads;

/// <summary>A pod of a set or a deployment.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Revision">Which state of the template it was made of.</param>
public sealed record WorkloadPod(PodUse Pod, string Revision)
{
    /// <summary>Its name.</summary>
    public string Name => Pod.Metadata.Name;

    /// <summary>Whether it has been ready for as long as its owner wants.</summary>
    public bool HasSettled { get; init; } = true;

    /// <summary>Whether it runs, is ready, and stays.</summary>
    public bool IsReady => Pod is { Phase: PodPhase.Running, IsReady: true, Metadata.IsBeingDeleted: false };

    /// <summary>Whether it serves, and has for long enough.</summary>
    public bool IsHealthy => IsReady && HasSettled;

    /// <summary>Whether it is there and counts: it neither goes nor has ended.</summary>
    public bool IsActive => !Pod.Metadata.IsBeingDeleted && !Pod.IsTerminated;
}
