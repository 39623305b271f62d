using System.Net;

namespace Strake.Containers;

/// <summary>What the default bridge is made of.</summary>
/// <param name="BridgeName">The host's interface, at most 15 characters; two daemons on one host need two.</param>
/// <param name="StateDirectory">Where address leases are kept; gone at the next boot, as the containers are.</param>
/// <param name="PluginDirectories">Where CNI plugins may be, the first that has <c>bridge</c> is taken.</param>
/// <param name="Subnet">The bridge's addresses; null: the first of Docker's default pools that the host does not use.</param>
public sealed record BridgeOptions(
    string BridgeName, string StateDirectory, IReadOnlyList<string> PluginDirectories, IPNetwork? Subnet = null)
{
    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Debian's place for CNI plugins, and the one of upstream's releases.</summary>
    public static IReadOnlyList<string> DefaultPluginDirectories { get; } = ["/usr/lib/cni", "/opt/cni/bin"];
}
