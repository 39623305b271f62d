namespace Strake.Kubernetes.Pods;

/// <summary>How far a mount's being read-only reaches.</summary>
public enum ReadOnlyDepth
{
    /// <summary>Mounts below it can be written.</summary>
    Topmost,

    /// <summary>Mounts below it are read-only too, where the kernel can do that.</summary>
    RecursiveIfPossible,

    /// <summary>Mounts below it are read-only too, or the container is not started.</summary>
    Recursive,
}
