using System.Text.Json.Serialization;

namespace Strake.Daemon.DockerApi;

/// <summary>A line of what a removal has done.</summary>
sealed record ImageRemovalBody
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Untagged { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Deleted { get; init; }
}
