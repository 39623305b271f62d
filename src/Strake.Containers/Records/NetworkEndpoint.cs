namespace Strake.Containers;

/// <summary>A container's place on one network.</summary>
public sealed record NetworkEndpoint
{
    /// <summary>The network's id.</summary>
    public string NetworkId { get; init; } = "";

    /// <summary>Names this attachment; new at each start; empty while not running.</summary>
    public string EndpointId { get; init; } = "";

    /// <summary>The interface in the container.</summary>
    public string InterfaceName { get; init; } = "";

    /// <summary>IPv4 address, without prefix; empty: none.</summary>
    public string IPAddress { get; init; } = "";

    /// <summary>Length of the IPv4 network's prefix.</summary>
    public int IPPrefixLen { get; init; }

    /// <summary>IPv4 gateway.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>IPv6 address, without prefix; empty: none.</summary>
    public string GlobalIPv6Address { get; init; } = "";

    /// <summary>Length of the IPv6 network's prefix.</summary>
    public int GlobalIPv6PrefixLen { get; init; }

    /// <summary>IPv6 gateway.</summary>
    public string IPv6Gateway { get; init; } = "";

    /// <summary>MAC address.</summary>
    public string MacAddress { get; init; } = "";

    /// <summary>Further names on the network.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
}
