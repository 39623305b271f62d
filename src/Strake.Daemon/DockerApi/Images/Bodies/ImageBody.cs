using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

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
