namespace Strake.Containers.Plugins;

/// <summary>Something of the host that is mounted in a plugin.</summary>
public sealed record PluginMountSetting
{
    /// <summary>What <c>docker plugin set</c> calls it.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>What of it can be set: <c>source</c>.</summary>
    public IReadOnlyList<string>? Settable { get; init; }

    /// <summary>What is mounted; null: to be set.</summary>
    public string? Source { get; init; }

    /// <summary>Where.</summary>
    public string Destination { get; init; } = "";

    /// <summary>The kind of file system.</summary>
    public string Type { get; init; } = "";

    /// <summary>Options of the mount.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];
}
