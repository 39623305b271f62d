using System.Text.Json.Serialization;

namespace Strake.Daemon.Building;

/// <summary>The stages of a Dockerfile.</summary>
/// <param name="Targets">The stages.</param>
/// <param name="Sources">The file.</param>
sealed record TargetsBody(
    [property: JsonPropertyName("targets")] IReadOnlyList<TargetsBody.Target> Targets,
    [property: JsonPropertyName("sources")] IReadOnlyList<byte[]> Sources)
{
    /// <summary>A stage.</summary>
    public sealed record Target(
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("default")] bool IsDefault,
        [property: JsonPropertyName("base")] string Base,
        [property: JsonPropertyName("platform")] string Platform,
        [property: JsonPropertyName("location")] SpotBody Location);
}
