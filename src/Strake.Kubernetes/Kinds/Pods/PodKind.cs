using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Containers that run together.</summary>
public static class PodKind
{
    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "", Kind = "Pod", Plural = "pods", ShortNames = ["po"], Categories = ["all"],
        IsNamespaced = true, HasStatus = true, HasGeneration = true, EndsGracefully = true, Streams = ["log", "exec", "attach", "portforward"],
        Describe = static () => PodSchema.Pod,
        SelectableFields = ["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork", "status.phase", "status.podIP", "status.nominatedNodeName"],
        Complete = PodRules.Complete,
        Validate = PodRules.Validate,
        Columns =
        [
            Columns.Name,
            Columns.Text("Ready", "Containers that are ready, and all.", PodState.Ready),
            Columns.Text("Status", "What the pod is doing.", PodState.Describe),
            new("Restarts", "string", "How often containers were started anew.", static (item, now) => PodState.Restarts(item, now)),
            Columns.Age,
            Columns.Text("IP", "The pod's address.", static item => OrNone(item.TextAt("status", "podIP"))).Wide(),
            Columns.Text("Node", "The node.", static item => OrNone(item.TextAt("spec", "nodeName"))).Wide(),
            Columns.Text("Nominated Node", "The node on which room is being made.", static item => OrNone(item.TextAt("status", "nominatedNodeName"))).Wide(),
            Columns.Text("Readiness Gates", "Conditions that are true, and all.", ReadinessGates).Wide(),
        ],
    };

    static string OrNone(string? text) => string.IsNullOrEmpty(text) ? "<none>" : text;

    static string ReadinessGates(JsonElement item)
    {
        string[] gates = [.. item.ItemsAt("spec", "readinessGates").Select(static gate => gate.TextAt("conditionType") ?? "")];
        if (gates.Length == 0) return "<none>";
        int met = item.ItemsAt("status", "conditions").Count(condition => gates.Contains(condition.TextAt("type")) && condition.TextAt("status") == "True");
        return string.Create(CultureInfo.InvariantCulture, $"{met}/{gates.Length}");
    }
}
