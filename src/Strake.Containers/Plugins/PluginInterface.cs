using System.Text.Json.Serialization;

namespace Strake.Containers.Plugins;

/// <summary>How a plugin is spoken to.</summary>
public sealed record PluginInterface
{
    /// <summary>What it offers, such as <c>docker.volumedriver/1.0</c>.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>The name of its socket in <c>/run/docker/plugins</c>.</summary>
    public string Socket { get; init; } = "";

    /// <summary>How it speaks there; Docker's protocol where it says nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ProtocolScheme { get; init; }
}
