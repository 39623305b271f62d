using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>A pod's volume, ready on the node.</summary>
/// <param name="Path">Where it is; of an image, its name.</param>
/// <param name="ReadOnly">Whether it can only be read, whatever a container asks for.</param>
/// <param name="IsDevice">Whether it is a block device.</param>
/// <param name="IsImage">Whether it is an image.</param>
public sealed record PodMount(string Path, bool ReadOnly = false, bool IsDevice = false, bool IsImage = false)
{
    /// <summary>The claim's volume that it is; null: it is no claim's. Its claim may be gone before it is released.</summary>
    public PersistentVolume? Claimed { get; init; }
}
