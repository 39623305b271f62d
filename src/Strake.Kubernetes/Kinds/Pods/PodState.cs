using System.Globalization;
using System.Text.Json;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>What a pod is doing, in the one word that <c>kubectl get</c> has for it.</summary>
/// <remarks>Rules: <c>pkg/printers/internalversion</c>, <c>printPod</c>.</remarks>
static class PodState
{
    /// <summary>The word.</summary>
    public static string Describe(JsonElement pod)
    {
        string state = pod.TextAt("status", "reason") ?? pod.TextAt("status", "phase") ?? "";
        bool isStarting = FromInit(pod) is { } starting && (state = starting).Length > 0;
        if (!isStarting) state = FromContainers(pod, state);
        if (!Columns.IsTerminating(pod)) return state;
        if (pod.TextAt("status", "reason") == "NodeLost") return "Unknown";
        return pod.TextAt("status", "phase") is "Failed" or "Succeeded" ? state : "Terminating";
    }

    /// <summary>How many containers are ready, and how many there are; sidecars are among them.</summary>
    public static string Ready(JsonElement pod)
    {
        int ready = Lasting(pod).Count(static one => one.FlagAt("ready") is true);
        int all = pod.ItemsAt("spec", "containers").Count() + pod.ItemsAt("spec", "initContainers").Count(static one => one.TextAt("restartPolicy") == "Always");
        return string.Create(CultureInfo.InvariantCulture, $"{ready}/{all}");
    }

    /// <summary>How often containers were started anew, and when last.</summary>
    public static string Restarts(JsonElement pod, DateTimeOffset now)
    {
        long count = Lasting(pod).Sum(static one => one.NumberAt("restartCount") ?? 0);
        string? last = Lasting(pod).Select(static one => one.TextAt("lastState", "terminated", "finishedAt")).Max(StringComparer.Ordinal);
        string number = count.ToString(CultureInfo.InvariantCulture);
        return count == 0 || last is null ? number : $"{number} ({Columns.Since(last, now)} ago)";
    }

    // What runs for as long as the pod does: containers and sidecars.
    static IEnumerable<JsonElement> Lasting(JsonElement pod) => pod.ItemsAt("status", "containerStatuses")
        .Concat(pod.ItemsAt("status", "initContainerStatuses").Where(status => IsSidecar(pod, status.TextAt("name"))));

    // While init containers run, the pod is at one of them.
    static string? FromInit(JsonElement pod)
    {
        int total = pod.ItemsAt("spec", "initContainers").Count();
        int index = -1;
        foreach (JsonElement status in pod.ItemsAt("status", "initContainerStatuses"))
        {
            index++;
            if (status.NumberAt("state", "terminated", "exitCode") == 0) continue;
            if (status.FlagAt("started") is true && IsSidecar(pod, status.TextAt("name"))) continue;
            if (status.At("state", "terminated") is { } ended) return "Init:" + Ended(ended);
            if (status.TextAt("state", "waiting", "reason") is { Length: > 0 } why && why != "PodInitializing") return "Init:" + why;
            return string.Create(CultureInfo.InvariantCulture, $"Init:{index}/{total}");
        }

        return null;
    }

    static bool IsSidecar(JsonElement pod, string? name) =>
        pod.ItemsAt("spec", "initContainers").Any(container => container.TextAt("name") == name && container.TextAt("restartPolicy") == "Always");

    static string FromContainers(JsonElement pod, string state)
    {
        bool isRunning = false;
        foreach (JsonElement status in pod.ItemsAt("status", "containerStatuses").Reverse())
        {
            if (status.TextAt("state", "waiting", "reason") is { Length: > 0 } waiting) state = waiting;
            else if (status.At("state", "terminated") is { } ended) state = Ended(ended);
            else if (status.FlagAt("ready") is true && status.At("state", "running") is not null) isRunning = true;
        }

        if (state != "Completed" || !isRunning) return state;
        return pod.ItemsAt("status", "conditions").Any(static condition => condition.TextAt("type") == "Ready" && condition.TextAt("status") == "True") ? "Running" : "NotReady";
    }

    static string Ended(JsonElement ended)
    {
        if (ended.TextAt("reason") is { Length: > 0 } reason) return reason;
        return ended.NumberAt("signal") is { } signal and > 0
            ? string.Create(CultureInfo.InvariantCulture, $"Signal:{signal}")
            : string.Create(CultureInfo.InvariantCulture, $"ExitCode:{ended.NumberAt("exitCode")}");
    }
}
