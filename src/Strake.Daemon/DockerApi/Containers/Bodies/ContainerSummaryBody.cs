using System.Text.Json.Serialization;
using Strake.Containers;

namespace Strake.Daemon.DockerApi;

/// <summary>A row of <c>GET /containers/json</c>.</summary>
sealed record ContainerSummaryBody
{
    public required string Id { get; init; }

    public required IReadOnlyList<string> Names { get; init; }

    public required string Image { get; init; }

    public required string ImageID { get; init; }

    public required string Command { get; init; }

    public long Created { get; init; }

    public required IReadOnlyList<PortBody> Ports { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SizeRw { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SizeRootFs { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required string State { get; init; }

    public required string Status { get; init; }

    public required SummaryHostConfigBody HostConfig { get; init; }

    public required SummaryNetworksBody NetworkSettings { get; init; }

    public required IReadOnlyList<MountPointBody> Mounts { get; init; }
}
