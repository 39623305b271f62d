namespace Strake.Containers;

/// <summary>What a container wants of one network.</summary>
public sealed record EndpointSettings
{
    /// <summary>Addresses asked for.</summary>
    public EndpointAddresses? IPAMConfig { get; init; }

    /// <summary>Links to other containers; the legacy kind, not offered.</summary>
    public IReadOnlyList<string>? Links { get; init; }

    /// <summary>Further names on the network.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>The MAC address asked for.</summary>
    public string? MacAddress { get; init; }

    /// <summary>Options of the network's driver.</summary>
    public IReadOnlyDictionary<string, string>? DriverOpts { get; init; }
}
