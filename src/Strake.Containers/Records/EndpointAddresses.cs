namespace Strake.Containers;

/// <summary>Fixed addresses that a container asks for on a network.</summary>
/// <param name="IPv4Address">An address of the network's range; empty: any.</param>
/// <param name="IPv6Address">An address of the network's range; empty: any.</param>
public sealed record EndpointAddresses(string? IPv4Address = null, string? IPv6Address = null);
