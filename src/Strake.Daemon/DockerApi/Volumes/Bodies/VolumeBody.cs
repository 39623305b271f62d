using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

/// <summary>A volume.</summary>
sealed record VolumeBody
{
    public required string CreatedAt { get; init; }

    public required string Driver { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public required string Mountpoint { get; init; }

    public required string Name { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public required string Scope { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, JsonElement>? Status { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VolumeUsageBody? UsageData { get; init; }
}
