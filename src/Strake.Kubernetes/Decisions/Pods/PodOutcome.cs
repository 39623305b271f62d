using Strake.Kubernetes.Pods;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Pods;

/// <summary>How a pod ended as a whole.</summary>
/// <param name="Phase">Succeeded or Failed.</param>
/// <param name="Reason">In one word; empty for the usual end.</param>
/// <param name="Message">For a person.</param>
public sealed record PodOutcome(PodPhase Phase, string Reason = "", string Message = "")
{
    /// <summary>The outcome; null: it has not ended.</summary>
    /// <param name="view">What is seen; the pod is there.</param>
    public static PodOutcome? Of(PodView view)
    {
        Pod pod = view.Pod!;
        return pod switch
        {
            // What has ended does not begin again.
            { IsTerminated: true } => new(pod.Phase, pod.Reason, ""),
            _ when view.Eviction is { } eviction => new(PodPhase.Failed, eviction.Reason, eviction.Message),
            { DeadlineSeconds: { } seconds, StartedAt: { } started } when started.AddSeconds(seconds) <= view.Now =>
                new(PodPhase.Failed, "DeadlineExceeded", "Pod was active on the node longer than the specified deadline"),
            { Restart: PodRestart.Always } => null,
            _ when pod.InitContainers.Any(init => !init.IsSidecar && IsOver(pod, init, view) is false) => new(PodPhase.Failed),
            _ => OfContainers(pod, view),
        };
    }

    static PodOutcome? OfContainers(Pod pod, PodView view)
    {
        bool?[] ends = [.. pod.Containers.Select(container => IsOver(pod, container, view))];
        if (ends.Length == 0 || ends.Contains(null)) return null;
        return new(ends.Contains(false) ? PodPhase.Failed : PodPhase.Succeeded);
    }

    // Null: it may run (again). Else whether it ended well.
    static bool? IsOver(Pod pod, PodContainer container, PodView view)
    {
        bool? hasSucceeded = view.LastOf(container.Name) switch
        {
            { State: RunState.Ended } last => last.HasSucceeded,
            { } => null,
            null => pod.KnownOf(container.Name) is { HasRun: true } known ? known.HasSucceeded : null,
        };
        return hasSucceeded is { } ended && !ContainerTurn.StartsAgain(pod, container, ended) ? ended : null;
    }
}
