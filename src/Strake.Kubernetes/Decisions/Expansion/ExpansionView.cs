using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Expansion;

/// <summary>What a decision on a growth looks at: all of one moment.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Volume">Its volume; null when it is missing.</param>
public sealed record ExpansionView(Claim Claim, PersistentVolume? Volume)
{
    /// <summary>Whether somebody is there who can grow the volume.</summary>
    public bool HasResizer { get; init; } = true;

    /// <summary>Whether a pod has the volume mounted, so that the node can grow the file system.</summary>
    public bool IsMounted { get; init; }
}
