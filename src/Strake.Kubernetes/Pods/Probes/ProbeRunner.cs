using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Pods;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods.Probes;

/// <summary>Asks containers how they are, as long as they run: first the startup probe, then liveness and readiness side by side.</summary>
/// <param name="options">What the agent works with.</param>
/// <param name="wake">Has a pod looked at again.</param>
sealed class ProbeRunner(PodAgentOptions options, Action<string> wake)
{
    readonly ProbeQuestion question = new(options.Runtime);

    /// <summary>Begins to ask runs that are new, and stops asking those that have ended.</summary>
    public void Attend(PodWork work, PodView view)
    {
        foreach ((string id, CancellationTokenSource probing) in work.Probing)
        {
            if (view.Pod is { IsTerminated: false } && view.Runs.Any(run => run.Id == id && run.IsRunning)) continue;
            if (work.Probing.TryRemove(id, out _)) probing.Cancel();
            work.Probes.TryRemove(id, out _);
        }

        if (view.Pod is not { IsTerminated: false } pod) return;
        foreach (PodContainer container in pod.All.Where(static container => container.HasLivenessProbe || container.HasReadinessProbe || container.HasStartupProbe))
        {
            if (view.LastOf(container.Name) is not { IsRunning: true } run || work.Probing.ContainsKey(run.Id)) continue;
            var probing = new CancellationTokenSource();
            work.Probing[run.Id] = probing;
            work.Probes[run.Id] = new ProbeState(!container.HasStartupProbe, !container.HasReadinessProbe && !container.HasStartupProbe);
            string address = pod.Spec.Flag("hostNetwork") ? "127.0.0.1" : view.Sandbox?.Address ?? "";
            _ = Task.Run(() => AskAsync(work, pod, container, run, address, probing.Token));
        }
    }

    async Task AskAsync(PodWork work, Pod pod, PodContainer container, ContainerRun run, string address, CancellationToken cancellationToken)
    {
        try
        {
            if (ProbeSettings.Of(container, "startupProbe") is { } startup)
            {
                bool hasStarted = await AskUntilAsync(pod, container, run, startup, "Startup", address, stopsAtSuccess: true, _ => { }, cancellationToken);
                Set(work, run, hasStarted
                    ? state => state with { HasStarted = true, IsReady = !container.HasReadinessProbe }
                    : state => state with { Failure = "startup probe", Grace = startup.Grace });
                if (!hasStarted) return;
            }

            Task liveness = ProbeSettings.Of(container, "livenessProbe") is { } alive
                ? AskForLifeAsync(work, pod, container, run, alive, address, cancellationToken)
                : Task.CompletedTask;
            Task readiness = ProbeSettings.Of(container, "readinessProbe") is { } ready
                ? AskUntilAsync(pod, container, run, ready, "Readiness", address, stopsAtSuccess: false, isReady => Set(work, run, state => state with { IsReady = isReady }), cancellationToken)
                : Task.CompletedTask;
            await Task.WhenAll(liveness, readiness);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The run has ended.
        }
    }

    async Task AskForLifeAsync(PodWork work, Pod pod, PodContainer container, ContainerRun run, ProbeSettings settings, string address, CancellationToken cancellationToken)
    {
        await AskUntilAsync(pod, container, run, settings, "Liveness", address, stopsAtSuccess: false, _ => { }, cancellationToken, stopsAtFailure: true);
        Set(work, run, state => state with { Failure = "liveness probe", Grace = settings.Grace });
    }

    // True: it has succeeded; false: it has failed as often as counts.
    async Task<bool> AskUntilAsync(
        Pod pod, PodContainer container, ContainerRun run, ProbeSettings settings, string name, string address, bool stopsAtSuccess, Action<bool> found, CancellationToken cancellationToken,
        bool stopsAtFailure = false)
    {
        await Task.Delay(settings.Delay, options.Time, cancellationToken);
        int inRow = 0;
        bool wasGood = false;
        while (true)
        {
            string? failure = await question.AskAsync(container, run, settings, address, cancellationToken);
            bool isGood = failure is null;
            inRow = isGood == wasGood ? inRow + 1 : 1;
            wasGood = isGood;
            if (failure is not null) options.Events.Record(ObjectId.Pod(pod.Key), pod.Uid, EventText.Warning("Unhealthy", $"{name} probe failed: {failure}"));
            if (isGood && inRow >= settings.Successes)
            {
                found(true);
                if (stopsAtSuccess) return true;
            }
            else if (!isGood && inRow >= settings.Failures)
            {
                found(false);
                if (stopsAtSuccess || stopsAtFailure) return false;
            }

            await Task.Delay(settings.Period, options.Time, cancellationToken);
        }
    }

    void Set(PodWork work, ContainerRun run, Func<ProbeState, ProbeState> change)
    {
        if (!work.Probes.TryGetValue(run.Id, out ProbeState? before)) return;
        ProbeState after = change(before);
        if (after == before || !work.Probes.TryUpdate(run.Id, after, before)) return;
        wake(work.Uid);
    }
}
