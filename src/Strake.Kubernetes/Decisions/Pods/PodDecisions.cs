using Strake.Kubernetes.Pods;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Pods;

/// <summary>
/// What the node does for a pod next: volumes, then the sandbox, then init containers one after the other, then the others; and the way back. Leads from any
/// state, also from one that a crash or a user's <c>docker rm</c> left, to one in which nothing is to be done.
/// </summary>
public static class PodDecisions
{
    static readonly PodDecision s_settle = new PodDecision.Settle();
    static readonly PodDecision s_dismantle = new PodDecision.Dismantle();

    /// <summary>The decision for a pod.</summary>
    /// <param name="view">What is seen.</param>
    public static PodDecision Decide(PodView view)
    {
        ContainerRun[] running = [.. view.Runs.Where(static run => run.IsRunning)];
        return view.Pod switch
        {
            // Observed: the object is gone (deleted by force), something runs still.
            null when running.Length > 0 => new PodDecision.End([.. running], TimeSpan.Zero),

            // Observed: the object is gone, nothing runs.
            null => s_dismantle,

            // Observed: being deleted, something runs.
            { Metadata.IsBeingDeleted: true } pod when running.Length > 0 => new PodDecision.End([.. running], pod.Grace, Killing),

            // Observed: being deleted, nothing runs.
            { Metadata.IsBeingDeleted: true } => s_dismantle,

            // Observed: it has ended as a whole; something runs still (a sidecar, or all of one that is evicted).
            { } pod when PodOutcome.Of(view) is not null && running.Length > 0 => new PodDecision.End([.. running], pod.Grace, Killing),

            // Observed: it has ended as a whole, and holds what nobody needs any more.
            _ when PodOutcome.Of(view) is not null => view.Sandboxes.Count > 0 || view.HoldsVolumes ? s_settle : new PodDecision.Rest(),

            // Observed: wanted, volumes not there yet.
            _ when !view.HasVolumes => new PodDecision.MountVolumes(),

            // Observed: wanted, no sandbox; what runs in one that is gone has lost its network.
            { } pod when view.Sandbox is null => running.Length > 0
                ? new PodDecision.End([.. running], pod.Grace, SandboxChanged)
                : new PodDecision.MakeSandbox(view.Sandboxes.Select(static sandbox => sandbox.Attempt + 1).DefaultIfEmpty(0).Max()),

            // Observed: wanted, all around it there.
            { } pod => DecideOnContainers(pod, view),
        };
    }

    static EventText Killing(ContainerRun run) => EventText.Normal("Killing", $"Stopping container {run.Container}");

    static EventText SandboxChanged(ContainerRun run) => EventText.Normal("SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");

    static PodDecision DecideOnContainers(Pod pod, PodView view)
    {
        ContainerRun[] failing = [.. pod.All.Select(container => view.LastOf(container.Name))
            .OfType<ContainerRun>().Where(run => run.IsRunning && view.Probes.GetValueOrDefault(run.Id)?.Failure is not null)];
        if (failing.Length > 0)
        {
            // Those that have as long as the first; the others are next.
            TimeSpan grace = GraceOf(failing[0]);
            return new PodDecision.End([.. failing.Where(run => GraceOf(run) == grace)], grace, run => EventText.Normal(
                "Killing", $"Container {run.Container} failed {view.Probes[run.Id].Failure}, will be restarted"));
        }

        TimeSpan GraceOf(ContainerRun run) => view.Probes[run.Id].Grace ?? pod.Grace;

        var orders = new List<ContainerOrder>();
        DateTimeOffset? until = null;
        foreach (PodContainer container in Wanted(pod, view))
        {
            ContainerTurn turn = ContainerTurn.Of(pod, container, view);
            if (turn.Order is { } order) orders.Add(order);
            if (turn.Until is { } at && (until is null || at < until)) until = at;
        }

        if (pod is { DeadlineSeconds: { } seconds, StartedAt: { } started } && started.AddSeconds(seconds) is var deadline && (until is null || deadline < until)) until = deadline;
        return orders.Count > 0 ? new PodDecision.Start([.. orders]) : new PodDecision.Rest(until);
    }

    // Which containers may run now: the first init container that is not done, with the sidecars before it, or all others.
    static IEnumerable<PodContainer> Wanted(Pod pod, PodView view)
    {
        bool hasBegun = pod.Containers.Any(container => view.LastOf(container.Name) is not null || pod.KnownOf(container.Name) is { HasRun: true });
        foreach (PodContainer init in pod.InitContainers)
        {
            ContainerRun? last = view.LastOf(init.Name);
            if (init.IsSidecar)
            {
                yield return init;
                if (!hasBegun && !(last is { IsRunning: true } && view.ProbesOf(last, init).HasStarted)) yield break;
            }
            else if (!hasBegun && last is not { HasSucceeded: true } && !(last is null && pod.KnownOf(init.Name) is { HasSucceeded: true }))
            {
                yield return init;
                yield break;
            }
        }

        foreach (PodContainer container in pod.Containers) yield return container;
    }
}
