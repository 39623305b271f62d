namespace Strake.Kubernetes.Pods;

/// <summary>A directory or file of the node that a container sees.</summary>
/// <param name="Source">The volume's path on the node.</param>
/// <param name="Target">Where the container sees it.</param>
public sealed record ContainerMount(string Source, string Target)
{
    /// <summary>A path inside the source that is mounted in its place; resolved by the kernel, never out of the source. Empty: the source.</summary>
    public string SubPath { get; init; } = "";

    /// <summary>Whether it cannot be written.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>How far read-only reaches.</summary>
    public ReadOnlyDepth Depth { get; init; }

    /// <summary>Whether mounts made later are seen: <c>rprivate</c>, <c>rslave</c> or <c>rshared</c>.</summary>
    public string Propagation { get; init; } = "rprivate";

    /// <summary>Whether the source is an image's name, and no path.</summary>
    public bool IsImage { get; init; }
}
