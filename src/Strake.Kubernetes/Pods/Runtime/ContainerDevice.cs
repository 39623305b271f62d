namespace Strake.Kubernetes.Pods;

/// <summary>A block device that a container gets.</summary>
/// <param name="Source">The device on the node.</param>
/// <param name="Target">Where the container sees it.</param>
/// <param name="ReadOnly">Whether it may only be read.</param>
public sealed record ContainerDevice(string Source, string Target, bool ReadOnly);
