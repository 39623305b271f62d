using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

/// <summary>Something that a build has left for later ones.</summary>
sealed record BuildCacheBody
{
    public required string ID { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Parents { get; init; }

    public required string Type { get; init; }

    public required string Description { get; init; }

    public bool InUse { get; init; }

    public bool Shared { get; init; }

    public long Size { get; init; }

    public required string CreatedAt { get; init; }

    public required string LastUsedAt { get; init; }

    public int UsageCount { get; init; }
}
