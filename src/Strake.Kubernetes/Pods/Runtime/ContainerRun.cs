namespace Strake.Kubernetes.Pods;

/// <summary>One run of a pod's container. A container that is started anew is another run.</summary>
/// <param name="Id">The run, as the runtime names it.</param>
/// <param name="Container">The container's name in the pod.</param>
/// <param name="Attempt">The how manieth run it is; from 0.</param>
public sealed record ContainerRun(string Id, string Container, int Attempt)
{
    /// <summary>The sandbox that it is in.</summary>
    public string Sandbox { get; init; } = "";

    /// <summary>Where it stands.</summary>
    public RunState State { get; init; }

    /// <summary>How many runs in a row had failed or ended before it: what the back-off counts.</summary>
    public int Crashes { get; init; }

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode { get; init; }

    /// <summary>Whether it was ended for want of memory.</summary>
    public bool IsOutOfMemory { get; init; }

    /// <summary>Why it could not be started; empty when it was.</summary>
    public string Error { get; init; } = "";

    /// <summary>What it left as its last message; empty for none.</summary>
    public string Message { get; init; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was started; null: never.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null: not yet.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The image as the pod names it.</summary>
    public string Image { get; init; } = "";

    /// <summary>The image's identity.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>Whether its process runs.</summary>
    public bool IsRunning => State is RunState.Running;

    /// <summary>Whether it has ended well.</summary>
    public bool HasSucceeded => State is RunState.Ended && ExitCode == 0;

    /// <summary>How long it ran; zero when it never did.</summary>
    public TimeSpan Lasted => StartedAt is { } from && FinishedAt is { } to && to > from ? to - from : TimeSpan.Zero;
}
