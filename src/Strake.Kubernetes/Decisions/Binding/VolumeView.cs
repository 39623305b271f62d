using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Binding;

/// <summary>What a decision on a volume looks at: all of one moment.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="Claim">The claim of the name that the volume refers to; null when there is none. It may be another one of that name.</param>
public sealed record VolumeView(PersistentVolume Volume, Claim? Claim)
{
    /// <summary>The pods that use the volume still.</summary>
    public IReadOnlyList<PodUse> Users { get; init; } = [];
}
