namespace Strake.Containers.Plugins;

/// <summary>A right that a plugin wants and that its user is asked for.</summary>
/// <param name="Name">Docker's name of it.</param>
/// <param name="Description">What it means.</param>
/// <param name="Value">How much of it.</param>
public sealed record PluginPrivilege(string Name, string Description, IReadOnlyList<string> Value)
{
    /// <summary>All rights that a config wants beyond a container's. Pure.</summary>
    /// <remarks>moby <c>plugin/backend_linux.go</c>: computePrivileges; the words are the client's to show.</remarks>
    public static IReadOnlyList<PluginPrivilege> Of(PluginConfig config) =>
    [
        .. config.Network.Type is "" or "null" or "none" or "bridge" ? (PluginPrivilege[])[] : [new("network", "permissions to access a network", [config.Network.Type])],
        .. config.IpcHost ? (PluginPrivilege[])[new("host ipc namespace", "allow access to host ipc namespace", ["true"])] : [],
        .. config.PidHost ? (PluginPrivilege[])[new("host pid namespace", "allow access to host pid namespace", ["true"])] : [],
        .. config.Mounts.Where(static mount => mount.Source is not null).Select(static mount => new PluginPrivilege("mount", "host path to mount", [mount.Source!])),
        .. config.Linux.Devices.Where(static device => device.Path is not null).Select(static device => new PluginPrivilege("device", "host device to access", [device.Path!])),
        .. config.Linux.AllowAllDevices ? (PluginPrivilege[])[new("allow-all-devices", "allow 'rwm' access to all devices", ["true"])] : [],
        .. config.Linux.Capabilities is { Count: > 0 } wanted ? (PluginPrivilege[])[new("capabilities", "list of additional capabilities required", wanted)] : [],
    ];

    /// <summary>Whether what a user has granted is what is wanted, in whatever order. Pure.</summary>
    public static bool AreSame(IReadOnlyList<PluginPrivilege> wanted, IReadOnlyList<PluginPrivilege> granted) =>
        wanted.Select(Text).Order(StringComparer.Ordinal).SequenceEqual(granted.Select(Text).Order(StringComparer.Ordinal), StringComparer.Ordinal);

    static string Text(PluginPrivilege privilege) => $"{privilege.Name}\n{string.Join('\n', privilege.Value.Order(StringComparer.Ordinal))}";
}
