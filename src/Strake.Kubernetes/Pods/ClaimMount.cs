namespace Strake.Kubernetes.Pods;

/// <summary>Where a pod's volume is on the host.</summary>
/// <param name="Path">Absolute: a directory (of a hostPath of type File, a file), or the node of a block device.</param>
/// <param name="IsDevice">Whether it is a block device, and no file system.</param>
/// <param name="ReadOnly">Whether the pod may only read it, whatever it asked for; who gives it to the pod sees to that.</param>
public sealed record ClaimMount(string Path, bool IsDevice = false, bool ReadOnly = false);
