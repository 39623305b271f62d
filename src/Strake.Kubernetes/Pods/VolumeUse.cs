using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>A pod's use of a claim's volume.</summary>
/// <param name="PodUid">The pod's identity: another pod of its name is another user.</param>
/// <param name="Pod">The pod's namespace and name, for messages.</param>
public sealed record VolumeUse(string PodUid, ObjectKey Pod)
{
    /// <summary>Whether the pod may only read.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The modes that the pod's claim was granted; none: those of the volume.</summary>
    public AccessModes AccessModes { get; init; }

    /// <summary>How it is mounted (mountOptions of the volume), beyond <see cref="ReadOnly"/>.</summary>
    public ValueList<string> MountOptions { get; init; } = [];
}
