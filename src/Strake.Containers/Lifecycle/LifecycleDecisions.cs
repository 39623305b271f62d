namespace Strake.Containers.Lifecycle;

/// <summary>Decides what a request means for a container in its state. Pure; every pair of state and request has its line.</summary>
static class LifecycleDecisions
{
    /// <summary>The decision.</summary>
    public static LifecycleDecision Decide(ContainerStatus status, LifecycleRequest request) => request switch
    {
        LifecycleRequest.Start => Start(status),
        LifecycleRequest.Stop => Stop(status),
        LifecycleRequest.Kill => Kill(status),
        LifecycleRequest.Restart => Restart(status),
        LifecycleRequest.Pause => status == ContainerStatus.Running ? LifecycleDecision.Proceed : LifecycleDecision.Refuse,
        LifecycleRequest.Unpause => status == ContainerStatus.Paused ? LifecycleDecision.Proceed : LifecycleDecision.Refuse,
        LifecycleRequest.Rename => IsGoing(status) ? LifecycleDecision.Refuse : LifecycleDecision.Proceed,
        LifecycleRequest.Remove => Remove(status, force: false),
        LifecycleRequest.ForceRemove => Remove(status, force: true),
        LifecycleRequest.Attach => Attach(status),
        LifecycleRequest.Exec => status == ContainerStatus.Running ? LifecycleDecision.Proceed : LifecycleDecision.Refuse,
        LifecycleRequest.Resize => status == ContainerStatus.Running ? LifecycleDecision.Proceed : LifecycleDecision.Refuse,
        LifecycleRequest.Commit => IsGoing(status) ? LifecycleDecision.Refuse : LifecycleDecision.Proceed,
        LifecycleRequest.Top => HasProcesses(status) ? LifecycleDecision.Proceed : LifecycleDecision.Refuse,
        _ => throw new ArgumentOutOfRangeException(nameof(request), request, "no such request"),
    };

    /// <summary>The error that tells a client of a decision that is not to go on.</summary>
    /// <param name="container">The container.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="decision">Refuse or AlreadySo.</param>
    public static StrakeException Explain(Container container, LifecycleRequest request, LifecycleDecision decision)
    {
        ContainerStatus status = container.State.Status;
        if (decision == LifecycleDecision.AlreadySo)
            return StrakeException.NotModified(status is ContainerStatus.Running ? $"Container {container.Id} is already running" : $"Container {container.Id} is already stopped");
        if (IsGoing(status))
            return StrakeException.Conflict(request is LifecycleRequest.Remove or LifecycleRequest.ForceRemove
                ? $"removal of container {container.Id} is already in progress"
                : $"container {container.Id} is marked for removal and cannot be used");
        return (request, status) switch
        {
            (LifecycleRequest.Start, ContainerStatus.Paused) =>
                StrakeException.Conflict("cannot start a paused container, try unpause instead"),
            (LifecycleRequest.Kill, _) => StrakeException.Conflict($"cannot kill container: {container.Name}: container {container.Id} is not running"),
            (LifecycleRequest.Pause, ContainerStatus.Paused) => StrakeException.Conflict($"container {container.Id} is already paused"),
            (LifecycleRequest.Unpause, _) => StrakeException.Conflict($"container {container.Id} is not paused"),
            (LifecycleRequest.Remove, ContainerStatus.Paused) =>
                StrakeException.Conflict($"cannot remove container \"/{container.Name}\": container is paused and must be unpaused first"),
            (LifecycleRequest.Remove, ContainerStatus.Restarting) =>
                StrakeException.Conflict($"cannot remove container \"/{container.Name}\": container is restarting: stop the container before removing or force remove"),
            (LifecycleRequest.Remove, _) =>
                StrakeException.Conflict($"cannot remove container \"/{container.Name}\": container is running: stop the container before removing or force remove"),
            (LifecycleRequest.Exec, ContainerStatus.Paused) => StrakeException.Conflict($"container {container.Name} is paused, unpause the container before exec"),
            (LifecycleRequest.Attach, ContainerStatus.Paused) => StrakeException.Conflict($"container {container.Id} is paused, unpause the container before attach"),
            (_, ContainerStatus.Restarting) => StrakeException.Conflict($"Container {container.Id} is restarting, wait until the container is running"),
            _ => StrakeException.Conflict($"container {container.Id} is not running"),
        };
    }

    static LifecycleDecision Start(ContainerStatus status) => status switch
    {
        ContainerStatus.Created or ContainerStatus.Exited => LifecycleDecision.Proceed,
        ContainerStatus.Running => LifecycleDecision.AlreadySo,
        // Observed: between two runs of its restart policy. Docker starts it at once.
        ContainerStatus.Restarting => LifecycleDecision.CancelRestartFirst,
        ContainerStatus.Paused or ContainerStatus.Removing or ContainerStatus.Dead => LifecycleDecision.Refuse,
        _ => throw Unknown(status),
    };

    static LifecycleDecision Stop(ContainerStatus status) => status switch
    {
        ContainerStatus.Running => LifecycleDecision.Proceed,
        // A frozen process cannot answer a signal.
        ContainerStatus.Paused => LifecycleDecision.UnpauseFirst,
        ContainerStatus.Restarting => LifecycleDecision.CancelRestart,
        ContainerStatus.Created or ContainerStatus.Exited => LifecycleDecision.AlreadySo,
        ContainerStatus.Removing or ContainerStatus.Dead => LifecycleDecision.Refuse,
        _ => throw Unknown(status),
    };

    static LifecycleDecision Kill(ContainerStatus status) => status switch
    {
        ContainerStatus.Running => LifecycleDecision.Proceed,
        // As in Docker: the signal is sent and acted on when the container goes on.
        ContainerStatus.Paused => LifecycleDecision.Proceed,
        ContainerStatus.Restarting => LifecycleDecision.CancelRestart,
        ContainerStatus.Created or ContainerStatus.Exited or ContainerStatus.Removing or ContainerStatus.Dead => LifecycleDecision.Refuse,
        _ => throw Unknown(status),
    };

    static LifecycleDecision Restart(ContainerStatus status) => status switch
    {
        ContainerStatus.Created or ContainerStatus.Exited or ContainerStatus.Running => LifecycleDecision.Proceed,
        ContainerStatus.Paused => LifecycleDecision.UnpauseFirst,
        ContainerStatus.Restarting => LifecycleDecision.CancelRestartFirst,
        ContainerStatus.Removing or ContainerStatus.Dead => LifecycleDecision.Refuse,
        _ => throw Unknown(status),
    };

    static LifecycleDecision Remove(ContainerStatus status, bool force) => status switch
    {
        ContainerStatus.Created or ContainerStatus.Exited => LifecycleDecision.Proceed,
        ContainerStatus.Running or ContainerStatus.Paused => force ? LifecycleDecision.KillFirst : LifecycleDecision.Refuse,
        ContainerStatus.Restarting => force ? LifecycleDecision.CancelRestartFirst : LifecycleDecision.Refuse,
        ContainerStatus.Removing => LifecycleDecision.Refuse,
        // An earlier removal failed: once more.
        ContainerStatus.Dead => LifecycleDecision.Proceed,
        _ => throw Unknown(status),
    };

    static LifecycleDecision Attach(ContainerStatus status) => status switch
    {
        ContainerStatus.Created or ContainerStatus.Exited or ContainerStatus.Running => LifecycleDecision.Proceed,
        ContainerStatus.Paused or ContainerStatus.Restarting or ContainerStatus.Removing or ContainerStatus.Dead => LifecycleDecision.Refuse,
        _ => throw Unknown(status),
    };

    static bool IsGoing(ContainerStatus status) => status is ContainerStatus.Removing or ContainerStatus.Dead;

    static bool HasProcesses(ContainerStatus status) => status is ContainerStatus.Running or ContainerStatus.Paused;

    static ArgumentOutOfRangeException Unknown(ContainerStatus status) => new(nameof(status), status, "no such status");
}
