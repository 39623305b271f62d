namespace Strake.Kubernetes.Pods;

/// <summary>A port of the node that leads to one of a pod.</summary>
/// <param name="HostAddress">The node's address; empty: each.</param>
/// <param name="HostPort">The node's port.</param>
/// <param name="Port">The pod's port.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
public sealed record PodPort(string HostAddress, int HostPort, int Port, string Protocol);
