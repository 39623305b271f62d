namespace Strake.Daemon.DockerApi;

/// <summary>A container on a network.</summary>
sealed record NetworkContainerBody(string Name, string EndpointID, string MacAddress, string IPv4Address, string IPv6Address);
