namespace Strake.Containers.Plugins;

/// <summary>A device of the host.</summary>
public sealed record PluginDevice
{
    /// <summary>What <c>docker plugin set</c> calls it.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>What of it can be set: <c>path</c>.</summary>
    public IReadOnlyList<string>? Settable { get; init; }

    /// <summary>The device; null: to be set.</summary>
    public string? Path { get; init; }
}
