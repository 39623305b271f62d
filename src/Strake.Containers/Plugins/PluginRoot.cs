using System.Text.Json.Serialization;

namespace Strake.Containers.Plugins;

/// <summary>The layers of a plugin.</summary>
public sealed record PluginRoot
{
    /// <summary>Always <c>layers</c>.</summary>
    [JsonPropertyName("type")]
    public string Type { get; init; } = "layers";

    /// <summary>The digests of their tars, lowest first.</summary>
    [JsonPropertyName("diff_ids")]
    public IReadOnlyList<string> DiffIds { get; init; } = [];
}
