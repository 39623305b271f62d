using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

/// <summary>The body of <c>POST /volumes/create</c>.</summary>
sealed record VolumeCreateBody
{
    public string? Name { get; init; }

    public string? Driver { get; init; }

    public IReadOnlyDictionary<string, string>? DriverOpts { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    // Cluster volumes and the like: refused by name.
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unsupported { get; set; }
}
