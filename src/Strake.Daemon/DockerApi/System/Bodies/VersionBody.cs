namespace Strake.Daemon.DockerApi;

/// <summary>The answer to <c>GET /version</c>.</summary>
sealed record VersionBody
{
    public required NameBody Platform { get; init; }

    public required IReadOnlyList<ComponentBody> Components { get; init; }

    public required string Version { get; init; }

    public required string ApiVersion { get; init; }

    public required string MinAPIVersion { get; init; }

    public required string GitCommit { get; init; }

    // What it is built with; clients show it as they show Go's version.
    public required string GoVersion { get; init; }

    public required string Os { get; init; }

    public required string Arch { get; init; }

    public required string KernelVersion { get; init; }

    public required string BuildTime { get; init; }
}
