namespace Strake.Containers.Plugins;

/// <summary>A plugin's rights.</summary>
public sealed record PluginRights
{
    /// <summary>Capabilities beyond those of a container.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>Whether it may use every device.</summary>
    public bool AllowAllDevices { get; init; }

    /// <summary>Devices of the host.</summary>
    public IReadOnlyList<PluginDevice> Devices { get; init; } = [];
}
