using System.Net;

namespace Strake.Containers.Networks;

/// <summary>A port of a container at an address of the host.</summary>
/// <param name="HostAddress">The host's address; <see cref="IPAddress.Any"/>: all.</param>
/// <param name="HostPort">The host's port.</param>
/// <param name="ContainerPort">The container's port.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c> or <c>sctp</c>.</param>
sealed record PublishedPort(IPAddress HostAddress, int HostPort, int ContainerPort, string Protocol);
