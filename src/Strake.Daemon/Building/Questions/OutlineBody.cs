using System.Text.Json.Serialization;

namespace Strake.Daemon.Building;

/// <summary>What a build can be given.</summary>
/// <param name="Name">The stage.</param>
/// <param name="Arguments">Its build arguments.</param>
/// <param name="Secrets">Its secrets.</param>
/// <param name="Agents">Its SSH agents.</param>
/// <param name="Sources">The file.</param>
sealed record OutlineBody(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("args")] IReadOnlyList<OutlineBody.Argument> Arguments,
    [property: JsonPropertyName("secrets")] IReadOnlyList<OutlineBody.Need> Secrets,
    [property: JsonPropertyName("ssh")] IReadOnlyList<OutlineBody.Need> Agents,
    [property: JsonPropertyName("sources")] IReadOnlyList<byte[]> Sources)
{
    /// <summary>A build argument.</summary>
    public sealed record Argument(
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("value")] string Value,
        [property: JsonPropertyName("location")] SpotBody Location);

    /// <summary>A secret or an agent.</summary>
    public sealed record Need(
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("required")] bool IsRequired,
        [property: JsonPropertyName("location")] SpotBody Location);
}
