namespace Strake.Daemon.DockerApi;

/// <summary>The answer to <c>GET /exec/{id}/json</c>.</summary>
sealed record ExecBody
{
    public required string ID { get; init; }

    public bool Running { get; init; }

    public int? ExitCode { get; init; }

    public required ExecProcessBody ProcessConfig { get; init; }

    public bool OpenStdin { get; init; }

    public bool OpenStderr { get; init; }

    public bool OpenStdout { get; init; }

    public bool CanRemove { get; init; }

    public required string ContainerID { get; init; }

    public string DetachKeys { get; init; } = "";

    public int Pid { get; init; }
}
