using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

/// <summary>What a path in a container is; travels in a header, base 64.</summary>
sealed record PathStatBody(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("size")] long Size,
    [property: JsonPropertyName("mode")] uint Mode,
    [property: JsonPropertyName("mtime")] string Mtime,
    [property: JsonPropertyName("linkTarget")] string LinkTarget);
