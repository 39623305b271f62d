namespace Strake.Containers.Plugins;

/// <summary>A variable of a plugin's environment.</summary>
public sealed record PluginVariable
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>What of it can be set: <c>value</c>.</summary>
    public IReadOnlyList<string>? Settable { get; init; }

    /// <summary>Its value; null: it is not there.</summary>
    public string? Value { get; init; }
}
