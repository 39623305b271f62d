using Strake.Kubernetes.Pods;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Pods;

/// <summary>Whether it is a container's turn to be started.</summary>
/// <param name="Order">The start; null: not now.</param>
/// <param name="Until">When to ask again; null: when something changes.</param>
sealed record ContainerTurn(ContainerOrder? Order, DateTimeOffset? Until = null)
{
    static readonly ContainerTurn s_none = new((ContainerOrder?)null);

    /// <summary>Decides for a container that may run.</summary>
    public static ContainerTurn Of(Pod pod, PodContainer container, PodView view)
    {
        if (view.Waits.GetValueOrDefault(container.Name) is { } wait && (wait.Until is null || wait.Until > view.Now)) return new(null, wait.Until);
        ContainerRun? last = view.LastOf(container.Name);
        return last switch
        {
            // Observed: never started, or its run was removed by somebody.
            null => OfMissing(pod, container),

            // Observed: it runs.
            { IsRunning: true } => s_none,

            // Observed: made, and the start was cut short by a kill: it is made anew.
            { State: RunState.Created } => new(new ContainerOrder(container, last.Attempt + 1, last.Crashes)),

            // Observed: ended, and that was that.
            _ when !StartsAgain(pod, container, last.HasSucceeded) => s_none,

            // Observed: ended with the sandbox that it was in, which is no fault of its own.
            _ when view.Sandbox is { } sandbox && last.Sandbox.Length > 0 && last.Sandbox != sandbox.Id => new(new ContainerOrder(container, last.Attempt + 1, last.Crashes)),

            // Observed: ended, to be started anew, perhaps not yet.
            _ => OfEnded(container, last, view.Now),
        };
    }

    /// <summary>Whether a container that has ended is started anew.</summary>
    public static bool StartsAgain(Pod pod, PodContainer container, bool hasSucceeded) => pod switch
    {
        _ when container.IsSidecar => true,
        _ when pod.InitContainers.Contains(container) => !hasSucceeded && pod.Restart is not PodRestart.Never,
        { Restart: PodRestart.Always } => true,
        { Restart: PodRestart.OnFailure } => !hasSucceeded,
        _ => false,
    };

    static ContainerTurn OfMissing(Pod pod, PodContainer container) => pod.KnownOf(container.Name) switch
    {
        { HasRun: true } known when !StartsAgain(pod, container, known.HasSucceeded) => s_none,
        { HasRun: true } known => new(new ContainerOrder(container, known.RestartCount + 1, 0)),
        _ => new(new ContainerOrder(container, 0, 0)),
    };

    static ContainerTurn OfEnded(PodContainer container, ContainerRun last, DateTimeOffset now)
    {
        DateTimeOffset due = (last.FinishedAt ?? last.CreatedAt) + CrashBackOff.After(last.Crashes, last.Lasted);
        return due > now ? new(null, due) : new(new ContainerOrder(container, last.Attempt + 1, CrashBackOff.Next(last.Crashes, last.Lasted)));
    }
}
