namespace Strake.Kubernetes.Pods.Volumes;

/// <summary>A file that a volume shows.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="Mode">Its permissions.</param>
sealed record FilePayload(byte[] Content, UnixFileMode Mode);
