using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Decisions.Workloads;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Workloads;

/// <summary>What is told of a stateful set; <c>kubectl rollout status</c> reads it.</summary>
/// <remarks>Kubernetes' <c>pkg/controller/statefulset</c>, <c>updateStatus</c> and <c>completeRollingUpdate</c>.</remarks>
static class StatefulSetStatus
{
    /// <summary>The status.</summary>
    /// <param name="document">The set as it is.</param>
    /// <param name="view">What is seen of it.</param>
    public static JsonObject Of(JsonElement document, StatefulSetView view)
    {
        StatefulSet set = view.Set;
        string current = document.At("status").Text("currentRevision");
        if (current.Length == 0) current = view.Revision;
        int ready = view.Pods.Count(static pod => pod.IsReady), updated = Of(view, view.Revision);

        // All are of the new state: it is the current one from now on.
        if (set.RollsOut && updated == set.Replicas && ready == set.Replicas && view.Pods.Count == set.Replicas) current = view.Revision;
        JsonObject status = new JsonObject { ["observedGeneration"] = document.At("metadata").Number("generation"), ["replicas"] = view.Pods.Count }
            .WithNumber("readyReplicas", ready)
            .WithNumber("currentReplicas", Of(view, current))
            .WithNumber("updatedReplicas", updated);
        status["currentRevision"] = current;
        status["updateRevision"] = view.Revision;
        status["collisionCount"] = 0;
        status["availableReplicas"] = view.Pods.Count(static pod => pod.IsHealthy);
        return status;
    }

    static int Of(StatefulSetView view, string revision) => view.Pods.Count(pod => pod.IsActive && pod.Revision == revision);
}
