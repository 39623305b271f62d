using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Decisions.Workloads;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Workloads;

/// <summary>What is told of a deployment: counts, whether it serves, and whether its roll-out goes on.</summary>
/// <remarks>Kubernetes' <c>pkg/controller/deployment/{sync,progress}.go</c>; <c>kubectl rollout status</c> reads it.</remarks>
static class DeploymentStatus
{
    static readonly string[] s_counts = ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "unavailableReplicas"];

    /// <summary>The status.</summary>
    /// <param name="document">The deployment as it is.</param>
    /// <param name="view">What is seen of it.</param>
    /// <param name="now">The time.</param>
    /// <param name="patience">How long it may stand still before it counts as failed; zero: there is nothing to wait for.</param>
    public static JsonObject Of(JsonElement document, DeploymentView view, DateTimeOffset now, out TimeSpan patience)
    {
        int wanted = view.Sets.Sum(static set => set.Replicas), available = view.Sets.Sum(static set => set.Available);
        JsonObject status = new JsonObject { ["observedGeneration"] = document.At("metadata").Number("generation") }
            .WithNumber("replicas", view.Sets.Sum(static set => set.Present))
            .WithNumber("updatedReplicas", view.Current?.Present ?? 0)
            .WithNumber("readyReplicas", view.Sets.Sum(static set => set.Ready))
            .WithNumber("availableReplicas", available)
            .WithNumber("unavailableReplicas", Math.Max(0, wanted - available));
        JsonElement before = document.At("status");
        bool hasMoved = s_counts.Any(count => before.Number(count) != (status[count]?.GetValue<int>() ?? 0)) || before.Number("observedGeneration") != document.At("metadata").Number("generation");
        JsonObject progress = Progress(before, view, status, hasMoved, now, out patience);
        status["conditions"] = new JsonArray(Availability(before, view.Deployment, available, now), progress);
        return status;
    }

    static JsonObject Availability(JsonElement before, Deployment deployment, int available, DateTimeOffset now) =>
        available >= deployment.Replicas - (deployment.Recreates ? 0 : deployment.MaxUnavailable)
            ? Condition(before, "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", isTold: false, now)
            : Condition(before, "Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", isTold: false, now);

    static JsonObject Progress(JsonElement before, DeploymentView view, JsonObject status, bool hasMoved, DateTimeOffset now, out TimeSpan patience)
    {
        const string Type = "Progressing";
        patience = TimeSpan.Zero;
        Deployment deployment = view.Deployment;
        string set = view.Current is { } current ? $"ReplicaSet \"{current.Metadata.Name}\"" : $"Deployment \"{deployment.Metadata.Name}\"";
        if (deployment.IsPaused) return Condition(before, Type, "Unknown", "DeploymentPaused", "Deployment is paused", isTold: false, now);
        if (IsDone(view, status)) return Condition(before, Type, "True", "NewReplicaSetAvailable", $"{set} has successfully progressed.", isTold: hasMoved, now);
        DateTimeOffset last = hasMoved ? now : Find(before, Type).Time("lastUpdateTime") ?? now;
        TimeSpan left = last.AddSeconds(deployment.DeadlineSeconds) - now;
        if (deployment.DeadlineSeconds > 0 && left <= TimeSpan.Zero)
            return Condition(before, Type, "False", "ProgressDeadlineExceeded", $"{set} has timed out progressing.", isTold: false, now);
        patience = deployment.DeadlineSeconds > 0 ? left : TimeSpan.Zero;
        return Condition(before, Type, "True", "ReplicaSetUpdated", $"{set} is progressing.", isTold: hasMoved, now);
    }

    static bool IsDone(DeploymentView view, JsonObject status)
    {
        int replicas = view.Deployment.Replicas;
        return view.Current is { } current && current.Present == replicas && current.Available >= replicas && (status["replicas"]?.GetValue<int>() ?? 0) == replicas;
    }

    static JsonObject Condition(JsonElement before, string type, string status, string reason, string message, bool isTold, DateTimeOffset now)
    {
        JsonElement earlier = Find(before, type);
        bool isSame = earlier.Text("status") == status, isKnown = isSame && earlier.Text("reason") == reason && !isTold;
        string time = Objects.ApiTime.Text(now);
        return new JsonObject
        {
            ["type"] = type, ["status"] = status,
            ["lastUpdateTime"] = isKnown ? earlier.Text("lastUpdateTime") : time,
            ["lastTransitionTime"] = isSame ? earlier.Text("lastTransitionTime") : time,
            ["reason"] = reason, ["message"] = message,
        };
    }

    static JsonElement Find(JsonElement status, string type) =>
        status.List("conditions", static condition => condition).FirstOrDefault(condition => condition.Text("type") == type);
}
