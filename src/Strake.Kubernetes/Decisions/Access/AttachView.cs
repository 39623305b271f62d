using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Access;

/// <summary>What a decision on attaching looks at: all of one moment.</summary>
/// <param name="Volume">A volume of a CSI driver.</param>
/// <param name="Node">The node in question.</param>
/// <param name="Attachments">All attachments of the volume.</param>
public sealed record AttachView(PersistentVolume Volume, string Node, IReadOnlyList<VolumeAttachment> Attachments)
{
    /// <summary>Whether a pod on the node wants the volume.</summary>
    public bool IsWanted { get; init; }

    /// <summary>Whether a pod on the node has it mounted.</summary>
    public bool IsMounted { get; init; }

    /// <summary>Whether the driver attaches at all (attachRequired of its CSIDriver).</summary>
    public bool NeedsAttach { get; init; } = true;
}
