using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;
using Quantity = Strake.Kubernetes.Objects.Quantity;

namespace Strake.Kubernetes.Decisions.Scheduling;

/// <summary>What a decision on a pod's place looks at: all of one moment.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Node">The node; null when there is none yet.</param>
public sealed record ScheduleView(PodUse Pod, NodeView? Node)
{
    /// <summary>All other pods that were given the node.</summary>
    public IReadOnlyList<PodUse> Neighbours { get; init; } = [];

    /// <summary>The claims of the pod's namespace, by name; those that the pod names are enough.</summary>
    public required IReadOnlyDictionary<string, Claim> Claims { get; init; }

    /// <summary>All volumes.</summary>
    public required VolumeIndex Volumes { get; init; }

    /// <summary>All classes.</summary>
    public ClassSet Classes { get; init; } = ClassSet.Empty;

    /// <summary>Who can make volumes.</summary>
    public ProvisionerSet Provisioners { get; init; } = ProvisionerSet.BuiltIn;

    /// <summary>How much room a class has left; a class that is not named has no limit.</summary>
    public IReadOnlyDictionary<string, Quantity> FreeSpace { get; init; } = new Dictionary<string, Quantity>(StringComparer.Ordinal);
}
