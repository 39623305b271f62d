using System.Globalization;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Controllers.Binding;
using Strake.Kubernetes.Controllers.Scheduling;
using Strake.Kubernetes.Pods;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Pods;

/// <summary>What users see of a pod: its status, made of what is observed. Pure. Times move only with what they are of, so that nothing is written when nothing has changed.</summary>
static class PodStatusDocument
{
    /// <summary>Brings the status in a pod's document up to what is seen.</summary>
    /// <param name="document">The pod's document; changed.</param>
    /// <param name="view">What is seen; the pod is there.</param>
    /// <param name="hostAddress">The node's address; empty when not known.</param>
    public static void Update(JsonObject document, PodView view, string hostAddress)
    {
        Pod pod = view.Pod!;
        PodOutcome? outcome = PodOutcome.Of(view);
        JsonObject status = document.Child("status");
        status["phase"] = (outcome?.Phase ?? PhaseOf(pod, view)).ToString();
        if (outcome is { Reason.Length: > 0 } && !pod.IsTerminated)
        {
            status["reason"] = outcome.Reason;
            status["message"] = outcome.Message;
        }

        status["startTime"] ??= Objects.ApiTime.Text(view.Now);
        if (hostAddress.Length > 0)
        {
            status["hostIP"] = hostAddress;
            status["hostIPs"] = new JsonArray(new JsonObject { ["ip"] = hostAddress });
        }

        bool hasHostNetwork = pod.Spec.Flag("hostNetwork");
        if ((hasHostNetwork ? hostAddress : view.Sandbox?.Address) is { Length: > 0 } address)
        {
            status["podIP"] = address;
            status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address });
        }

        bool isInitialized = IsInitialized(pod, view);
        if (pod.InitContainers.Count > 0) status["initContainerStatuses"] = Statuses(pod, pod.InitContainers, view, isInitialized, isInit: true);
        status["containerStatuses"] = Statuses(pod, pod.Containers, view, isInitialized, isInit: false);
        SetConditions(document, pod, view, outcome, isInitialized);
    }

    static PodPhase PhaseOf(Pod pod, PodView view)
    {
        bool hasBegun = IsInitialized(pod, view)
            && pod.Containers.All(container => view.LastOf(container.Name) is { StartedAt: not null } || pod.KnownOf(container.Name) is { HasRun: true });
        return hasBegun || pod.Phase is PodPhase.Running ? PodPhase.Running : PodPhase.Pending;
    }

    static bool IsInitialized(Pod pod, PodView view) => pod.Containers.Any(container => view.LastOf(container.Name) is not null || pod.KnownOf(container.Name) is { HasRun: true })
        || pod.InitContainers.All(init => view.LastOf(init.Name) switch
        {
            { IsRunning: true } run => init.IsSidecar && view.ProbesOf(run, init).HasStarted,
            { } run => run.HasSucceeded,
            null => pod.KnownOf(init.Name) is { HasSucceeded: true },
        });

    static JsonArray Statuses(Pod pod, IEnumerable<PodContainer> containers, PodView view, bool isInitialized, bool isInit) =>
        new([.. containers.Select(container => (JsonNode)StatusOf(pod, container, view, isInitialized || isInit))]);

    static JsonObject StatusOf(Pod pod, PodContainer container, PodView view, bool mayRun)
    {
        ContainerRun? last = view.LastOf(container.Name);
        KnownContainer? known = pod.KnownOf(container.Name);
        (JsonObject state, JsonObject? lastState) = StateOf(pod, container, last, known, view, mayRun);
        ProbeState? probes = last is { IsRunning: true } ? view.ProbesOf(last, container) : null;
        bool isInitDone = pod.InitContainers.Contains(container) && last is { HasSucceeded: true };
        var status = new JsonObject
        {
            ["name"] = container.Name,
            ["state"] = state,
            ["lastState"] = lastState ?? [],
            ["ready"] = probes is { HasStarted: true, IsReady: true } || isInitDone,
            ["restartCount"] = Math.Max(last?.Attempt ?? 0, known?.RestartCount ?? 0),
            ["image"] = container.Image,
            ["imageID"] = last?.ImageId ?? known?.Status.Text("imageID") ?? "",
        };
        if (last is not null) status["containerID"] = RuntimeId(last.Id);
        else if (known?.Status.Text("containerID") is { Length: > 0 } id) status["containerID"] = id;
        status["started"] = probes is { HasStarted: true };
        return status;
    }

    static (JsonObject State, JsonObject? Last) StateOf(Pod pod, PodContainer container, ContainerRun? last, KnownContainer? known, PodView view, bool mayRun)
    {
        JsonObject? previous = view.PreviousOf(container.Name) is { } run ? Ended(run) : LastStateOf(known, last);
        ContainerWait? wait = view.Waits.GetValueOrDefault(container.Name);
        return last switch
        {
            { IsRunning: true } => (new JsonObject { ["running"] = new JsonObject().WithText("startedAt", last.StartedAt is { } at ? Objects.ApiTime.Text(at) : null) }, previous),
            { State: RunState.Ended } when wait is not null => (Waiting(wait.Reason, wait.Message), Ended(last)),
            { State: RunState.Ended } when IsHeldBack(pod, container, last, view) is { } delay => (BackingOff(pod, container, delay), Ended(last)),
            { State: RunState.Ended } => (Ended(last), previous),
            _ when wait is not null => (Waiting(wait.Reason, wait.Message), previous),

            // Its run is gone, and it will have no other: what was last known of it stays, and where that was that it ran, nobody knows how it ended.
            null when known is { HasRun: true } && (pod.IsTerminated || !ContainerTurn.StartsAgain(pod, container, known.HasSucceeded)) => (known.HasEnded
                ? (JsonObject)JsonNode.Parse(known.Status.At("state").GetRawText())!
                : Unknown(), previous),
            _ => (Waiting(mayRun && pod.InitContainers.Count > 0 && !pod.InitContainers.Contains(container) || pod.InitContainers.Count == 0 ? "ContainerCreating" : "PodInitializing", ""), previous),
        };
    }

    static JsonObject? LastStateOf(KnownContainer? known, ContainerRun? last)
    {
        if (known is null) return null;
        // The status is of an earlier run that somebody removed: its end is not known, or stands there.
        string state = last is not null && known.Status.Text("containerID") == RuntimeId(last.Id) || last is null ? "lastState" : known.HasEnded ? "state" : "lastState";
        return known.Status.At(state) is { ValueKind: System.Text.Json.JsonValueKind.Object } kept ? JsonObject.Create(kept.Clone()) : null;
    }

    static TimeSpan? IsHeldBack(Pod pod, PodContainer container, ContainerRun last, PodView view)
    {
        if (pod.IsTerminated || !ContainerTurn.StartsAgain(pod, container, last.HasSucceeded)) return null;
        TimeSpan delay = CrashBackOff.After(last.Crashes, last.Lasted);
        return (last.FinishedAt ?? last.CreatedAt) + delay > view.Now ? delay : null;
    }

    static JsonObject BackingOff(Pod pod, PodContainer container, TimeSpan delay) =>
        Waiting("CrashLoopBackOff", $"back-off {GoText(delay)} restarting failed container={container.Name} pod={pod.Metadata.Name}_{pod.Metadata.Namespace}({pod.Uid})");

    /// <summary>A time as Go writes it: <c>10s</c>, <c>2m40s</c>.</summary>
    static string GoText(TimeSpan time) => time.TotalMinutes < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0}s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}m{time.Seconds}s");

    static JsonObject Waiting(string reason, string message) =>
        new() { ["waiting"] = new JsonObject { ["reason"] = reason }.WithText("message", message) };

    static JsonObject Unknown() => new()
    {
        ["terminated"] = new JsonObject
        {
            ["exitCode"] = 137,
            ["reason"] = "ContainerStatusUnknown",
            ["message"] = "The container could not be located when the pod was terminated",
        },
    };

    static JsonObject Ended(ContainerRun run)
    {
        string reason = run switch
        {
            { IsOutOfMemory: true } => "OOMKilled",
            { Error.Length: > 0 } => "StartError",
            { ExitCode: 0 } => "Completed",
            _ => "Error",
        };
        DateTimeOffset finished = run.FinishedAt ?? run.CreatedAt;
        return new JsonObject
        {
            ["terminated"] = new JsonObject { ["exitCode"] = run.ExitCode, ["reason"] = reason }
                .WithText("message", run.Error.Length > 0 ? run.Error : run.Message)
                .WithText("startedAt", Objects.ApiTime.Text(run.StartedAt ?? finished))
                .WithText("finishedAt", Objects.ApiTime.Text(finished))
                .WithText("containerID", RuntimeId(run.Id)),
        };
    }

    static string RuntimeId(string id) => $"strake://{id}";

    static void SetConditions(JsonObject document, Pod pod, PodView view, PodOutcome? outcome, bool isInitialized)
    {
        string[] unready = [.. pod.Containers.Where(container => view.LastOf(container.Name) is not { IsRunning: true } run || view.ProbesOf(run, container) is not { HasStarted: true, IsReady: true })
            .Select(static container => container.Name)];
        string[] incomplete = [.. pod.InitContainers.Where(init => !init.IsSidecar && view.LastOf(init.Name) is not { HasSucceeded: true }).Select(static init => init.Name)];
        (string reason, string message) = outcome switch
        {
            { Phase: PodPhase.Succeeded } => ("PodCompleted", ""),
            { Phase: PodPhase.Failed } => ("PodFailed", ""),
            _ when unready.Length > 0 => ("ContainersNotReady", $"containers with unready status: [{string.Join(' ', unready)}]"),
            _ => ("", ""),
        };
        bool isReady = outcome is null && unready.Length == 0;
        bool isStarting = view.Sandbox is not null && view.HasVolumes;
        Set("PodReadyToStartContainers", isStarting, "", "");
        if (isInitialized) Set("Initialized", true, outcome is { Phase: PodPhase.Succeeded } ? "PodCompleted" : "", "");
        else Set("Initialized", false, "ContainersNotInitialized", $"containers with incomplete status: [{string.Join(' ', incomplete)}]");
        Set("Ready", isReady, reason, message);
        Set("ContainersReady", isReady, reason, message);
        Set("PodScheduled", true, "", "");

        void Set(string type, bool isTrue, string why, string told) => PodConditions.Set(document, type, isTrue, why, told, view.Now);
    }
}
