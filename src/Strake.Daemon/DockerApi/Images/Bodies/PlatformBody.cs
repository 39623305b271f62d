using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

/// <summary>What an image runs on.</summary>
sealed record PlatformBody(
    [property: JsonPropertyName("architecture")] string? Architecture,
    [property: JsonPropertyName("os")] string? Os,
    [property: JsonPropertyName("variant"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Variant,
    [property: JsonPropertyName("os.version"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? OsVersion);
