namespace Strake.Kubernetes.Pods.Volumes;

/// <summary>What is known of a pod's own CSI volume, in a file beside it: enough to have it removed when the pod is long gone.</summary>
/// <param name="Driver">The driver.</param>
/// <param name="Handle">What it calls the volume.</param>
/// <param name="IsMade">Whether the driver has said that it is there; else it may be.</param>
sealed record InlineRecord(string Driver, string Handle, bool IsMade);
