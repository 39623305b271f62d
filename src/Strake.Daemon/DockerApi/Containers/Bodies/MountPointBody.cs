using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

/// <summary>A mount of a container.</summary>
sealed record MountPointBody
{
    public required string Type { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    public required string Source { get; init; }

    public required string Destination { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Driver { get; init; }

    public required string Mode { get; init; }

    public bool RW { get; init; }

    public required string Propagation { get; init; }
}
