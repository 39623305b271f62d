using System.Collections.ObjectModel;

namespace Strake.Containers;

/// <summary>A container's networks: what was asked for, and what it has while it runs.</summary>
/// <param name="Settings">What the create request asked for.</param>
public sealed record ContainerNetwork(NetworkSettings Settings)
{
    /// <summary>The network namespace's path; empty while there is none.</summary>
    public string SandboxKey { get; init; } = "";

    /// <summary>Live endpoints by network name; while the container is not running, the networks that it will join, without addresses.</summary>
    public IReadOnlyDictionary<string, NetworkEndpoint> Endpoints { get; init; } = ReadOnlyDictionary<string, NetworkEndpoint>.Empty;

    /// <summary>Ports as they are really published: <c>80/tcp</c> to addresses of the host; null: exposed only.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> Ports { get; init; } =
        ReadOnlyDictionary<string, IReadOnlyList<PortBinding>?>.Empty;
}
