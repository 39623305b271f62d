using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Binding;

/// <summary>What a decision on a claim looks at: all of one moment.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Volumes">All volumes.</param>
/// <param name="Classes">All classes.</param>
public sealed record ClaimView(Claim Claim, VolumeIndex Volumes, ClassSet Classes)
{
    /// <summary>The pods that name the claim.</summary>
    public IReadOnlyList<PodUse> Consumers { get; init; } = [];

    /// <summary>The node on which volumes are made; null when it is not known.</summary>
    public NodeView? Node { get; init; }

    /// <summary>Who can make volumes.</summary>
    public ProvisionerSet Provisioners { get; init; } = ProvisionerSet.BuiltIn;
}
