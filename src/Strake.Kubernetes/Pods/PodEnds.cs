using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Pods;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>Ends runs of containers, behind the back of who orders it: it may take as long as they have, and meanwhile that time may be cut.</summary>
/// <param name="options">What the agent works with.</param>
/// <param name="wake">Has a pod looked at again.</param>
sealed class PodEnds(PodAgentOptions options, Action<string> wake)
{
    readonly LifecycleHook hooks = new(options);

    /// <summary>Begins to end runs; of those that are being ended already and have no less time now, nothing.</summary>
    /// <param name="work">The pod's work.</param>
    /// <param name="pod">The pod as it was last seen; null: nothing is known of it.</param>
    /// <param name="end">Which runs, and how.</param>
    public void Begin(PodWork work, Pod? pod, PodDecision.End end)
    {
        foreach (ContainerRun run in end.Runs)
        {
            DateTimeOffset until = options.Time.GetUtcNow() + end.Grace;
            if (work.Ending.TryGetValue(run.Id, out DateTimeOffset known) && known <= until) continue;
            bool isFirst = !work.Ending.ContainsKey(run.Id);
            work.Ending[run.Id] = until;
            if (isFirst && pod is not null && end.Event is { } told) options.Events.Record(ObjectId.Pod(pod.Key), pod.Uid, told(run));
            _ = Task.Run(() => EndAsync(work, pod, run, end.Grace, isFirst));
        }
    }

    async Task EndAsync(PodWork work, Pod? pod, ContainerRun run, TimeSpan grace, bool isFirst)
    {
        try
        {
            if (isFirst && grace > TimeSpan.Zero && pod is not null) await BeforeEndAsync(pod, run, work.Address, grace);
            await options.Runtime.StopAsync(run.Id, grace, CancellationToken.None);
        }
        catch (StrakeException e)
        {
            if (pod is not null) options.Events.Record(ObjectId.Pod(pod.Key), pod.Uid, EventText.Warning("FailedKillPod", $"error killing pod: {e.Message}"));
        }
        finally
        {
            work.Ending.TryRemove(run.Id, out _);
            wake(work.Uid);
        }
    }

    // preStop: a part of the time that there is.
    async Task BeforeEndAsync(Pod pod, ContainerRun run, string address, TimeSpan grace)
    {
        PodContainer? container = pod.All.FirstOrDefault(container => container.Name == run.Container);
        if (container is null) return;
        using var patience = new CancellationTokenSource(grace, options.Time);
        try
        {
            if (await hooks.RunAsync(pod, container, "preStop", run.Id, address, patience.Token) is { } failure)
                options.Events.Record(ObjectId.Pod(pod.Key), pod.Uid, EventText.Warning("FailedPreStopHook", $"PreStopHook failed: {failure}"));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // Its time is over; the signal follows.
        }
    }
}
