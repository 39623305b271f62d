namespace Strake.Containers;

/// <summary>What a container does now, and how its last run ended.</summary>
public sealed record ContainerState
{
    /// <summary>Where it stands in its life.</summary>
    public ContainerStatus Status { get; init; }

    /// <summary>The process as the host sees it; 0 while not running.</summary>
    public int Pid { get; init; }

    /// <summary>Exit code of the last run; 0 before the first.</summary>
    public int ExitCode { get; init; }

    /// <summary>Why the last start failed; empty when it did not.</summary>
    public string Error { get; init; } = "";

    /// <summary>Whether the last run was ended by the kernel for want of memory.</summary>
    public bool OOMKilled { get; init; }

    /// <summary>When the last run began; null: never.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the last run ended; null: never.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Whether processes of the container exist.</summary>
    public bool IsRunning => Status is ContainerStatus.Running or ContainerStatus.Paused;
}
