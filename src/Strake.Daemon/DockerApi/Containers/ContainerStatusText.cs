using System.Globalization;
using Strake.Containers;

namespace Strake.Daemon.DockerApi;

/// <summary>A container's state in the words of <c>docker ps</c>.</summary>
/// <remarks>moby <c>container/state.go</c>, <c>String</c>.</remarks>
static class ContainerStatusText
{
    /// <summary>Such as <c>Up 5 minutes (Paused)</c> or <c>Exited (0) 3 seconds ago</c>.</summary>
    public static string Of(ContainerState state, DateTimeOffset now)
    {
        string code = state.ExitCode.ToString(CultureInfo.InvariantCulture);
        return state.Status switch
        {
            ContainerStatus.Running => $"Up {Since(state.StartedAt, now)}",
            ContainerStatus.Paused => $"Up {Since(state.StartedAt, now)} (Paused)",
            ContainerStatus.Restarting => $"Restarting ({code}) {Since(state.FinishedAt, now)} ago",
            ContainerStatus.Removing => "Removal In Progress",
            ContainerStatus.Dead => "Dead",
            ContainerStatus.Exited when state.FinishedAt is null => "",
            ContainerStatus.Exited => $"Exited ({code}) {Since(state.FinishedAt, now)} ago",
            ContainerStatus.Created => "Created",
            _ => throw new InvalidOperationException($"container status {state.Status} has no words"),
        };
    }

    /// <summary>The state in one word.</summary>
    public static string Word(ContainerStatus status) => status switch
    {
        ContainerStatus.Created => "created",
        ContainerStatus.Running => "running",
        ContainerStatus.Paused => "paused",
        ContainerStatus.Restarting => "restarting",
        ContainerStatus.Exited => "exited",
        ContainerStatus.Removing => "removing",
        ContainerStatus.Dead => "dead",
        _ => throw new InvalidOperationException($"container status {status} has no word"),
    };

    static string Since(DateTimeOffset? time, DateTimeOffset now) => DockerTime.InWords(now - (time ?? now));
}
