using System.Text.Json.Serialization;
using Strake.Containers;

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

/// <summary>The answer to <c>GET /images/{name}/json</c>.</summary>
sealed record ImageBody
{
    public required string Id { get; init; }

    public required IReadOnlyList<string> RepoTags { get; init; }

    public required IReadOnlyList<string> RepoDigests { get; init; }

    public required string Parent { get; init; }

    public required string Comment { get; init; }

    public required string Created { get; init; }

    public required string DockerVersion { get; init; }

    public required string Author { get; init; }

    public required string Architecture { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variant { get; init; }

    public required string Os { get; init; }

    public long Size { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? VirtualSize { get; init; }

    public required GraphDriverBody GraphDriver { get; init; }

    public required RootFsBody RootFS { get; init; }

    public required ImageMetadataBody Metadata { get; init; }

    public required ImageConfigBody Config { get; init; }
}

/// <summary>The layers of an image.</summary>
sealed record RootFsBody(string Type, IReadOnlyList<string> Layers);

/// <summary>What is known of an image beyond its config.</summary>
sealed record ImageMetadataBody(string LastTagTime);

/// <summary>A storage driver and what it tells of an object.</summary>
sealed record GraphDriverBody(IReadOnlyDictionary<string, string> Data, string Name);

/// <summary>The config in an image's answer.</summary>
sealed record ImageConfigBody
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ArgsEscaped { get; init; }

    public IReadOnlyList<string>? Cmd { get; init; }

    public IReadOnlyList<string>? Entrypoint { get; init; }

    public IReadOnlyList<string>? Env { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, Empty>? ExposedPorts { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HealthcheckBody? Healthcheck { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public IReadOnlyList<string>? OnBuild { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Shell { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StopSignal { get; init; }

    public string User { get; init; } = "";

    public IReadOnlyDictionary<string, Empty>? Volumes { get; init; }

    public string WorkingDir { get; init; } = "";
}

/// <summary>How a container's health is checked; durations in nanoseconds.</summary>
sealed record HealthcheckBody
{
    public IReadOnlyList<string>? Test { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Interval { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Timeout { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long StartPeriod { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long StartInterval { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Retries { get; init; }
}

/// <summary>A row of <c>GET /images/{name}/history</c>.</summary>
sealed record HistoryBody(string Comment, long Created, string CreatedBy, string Id, long Size, IReadOnlyList<string>? Tags);

/// <summary>A line of what a removal has done.</summary>
sealed record ImageRemovalBody
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Untagged { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Deleted { get; init; }
}

/// <summary>The answer to <c>POST /images/prune</c>.</summary>
sealed record ImagePruneBody(IReadOnlyList<ImageRemovalBody>? ImagesDeleted, long SpaceReclaimed);
