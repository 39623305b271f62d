using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

/// <summary>A row of <c>GET /images/json</c>.</summary>
sealed record ImageSummaryBody
{
    public long Containers { get; init; } = -1;

    public long Created { get; init; }

    public required string Id { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public string ParentId { get; init; } = "";

    public IReadOnlyList<string> RepoDigests { get; init; } = [];

    public IReadOnlyList<string> RepoTags { get; init; } = [];

    public long SharedSize { get; init; } = -1;

    public long Size { get; init; }

    // Equal to Size; clients before 1.44 read it.
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? VirtualSize { get; init; }
}
