namespace Strake.Containers;

/// <summary>An address of the host at which a container's port is published.</summary>
/// <param name="HostIp">Address; empty: all.</param>
/// <param name="HostPort">Port or range of ports; empty: a free one.</param>
public sealed record PortBinding(string? HostIp = null, string? HostPort = null);
