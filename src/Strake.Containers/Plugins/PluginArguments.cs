namespace Strake.Containers.Plugins;

/// <summary>The arguments of a plugin's program.</summary>
public sealed record PluginArguments
{
    /// <summary>What <c>docker plugin set</c> calls them.</summary>
    public string Name { get; init; } = "";

    /// <summary>What they are for.</summary>
    public string Description { get; init; } = "";

    /// <summary>What of them can be set: <c>value</c>.</summary>
    public IReadOnlyList<string>? Settable { get; init; }

    /// <summary>The arguments.</summary>
    public IReadOnlyList<string>? Value { get; init; }
}
