namespace Strake.Daemon.DockerApi;

/// <summary>A network.</summary>
sealed record NetworkBody
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    public required string Created { get; init; }

    public string Scope { get; init; } = "local";

    public required string Driver { get; init; }

    public bool EnableIPv4 { get; init; } = true;

    public bool EnableIPv6 { get; init; }

    public required NetworkIpamBody IPAM { get; init; }

    public bool Internal { get; init; }

    public bool Attachable { get; init; }

    public bool Ingress { get; init; }

    public NetworkConfigFromBody ConfigFrom { get; init; } = new("");

    public bool ConfigOnly { get; init; }

    public required IReadOnlyDictionary<string, NetworkContainerBody> Containers { get; init; }

    public required IReadOnlyDictionary<string, string> Options { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

/// <summary>Where a network takes its settings from; nowhere.</summary>
sealed record NetworkConfigFromBody(string Network);

/// <summary>How a network gives addresses.</summary>
sealed record NetworkIpamBody(string Driver, IReadOnlyDictionary<string, string>? Options, IReadOnlyList<NetworkRangeBody>? Config);

/// <summary>A range of addresses.</summary>
sealed record NetworkRangeBody(string Subnet, string Gateway);

/// <summary>A container on a network.</summary>
sealed record NetworkContainerBody(string Name, string EndpointID, string MacAddress, string IPv4Address, string IPv6Address);

/// <summary>The answer to <c>POST /networks/prune</c>.</summary>
sealed record NetworkPruneBody(IReadOnlyList<string>? NetworksDeleted);
