using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Access;

/// <summary>Who has a claim's volume, or wants it: a pod or a container of Docker.</summary>
/// <param name="Name">Kind and name, as messages have it: <c>pod shop/web</c>, <c>container 4f2a…</c>.</param>
/// <param name="Node">The node that it is on.</param>
/// <param name="ReadOnly">Whether it only reads.</param>
public sealed record VolumeHolder(string Name, string Node, bool ReadOnly = false)
{
    /// <summary>A pod's use of a claim.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="volume">Its volume that is the claim.</param>
    public static VolumeHolder Of(PodUse pod, PodVolume volume) => new($"pod {pod.Key}", pod.NodeName, volume.ReadOnly);
}
