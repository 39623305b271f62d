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
    public VolumeUsageBody? UsageData { get; init; }
}

/// <summary>What a volume occupies.</summary>
/// <param name="RefCount">How many containers use it.</param>
/// <param name="Size">Bytes.</param>
sealed record VolumeUsageBody(long RefCount, long Size);

/// <summary>The answer to <c>GET /volumes</c>.</summary>
sealed record VolumeListBody(IReadOnlyList<VolumeBody> Volumes, IReadOnlyList<string>? Warnings);

/// <summary>The answer to <c>POST /volumes/prune</c>.</summary>
sealed record VolumePruneBody(IReadOnlyList<string> VolumesDeleted, long SpaceReclaimed);
