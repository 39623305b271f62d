using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>A pod on every node.</summary>
public static class DaemonSetKind
{
    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "apps", Kind = "DaemonSet", Plural = "daemonsets", ShortNames = ["ds"], Categories = ["all"],
        IsNamespaced = true, HasStatus = true, HasGeneration = true,
        Describe = static () => WorkloadSchema.DaemonSet,
        Complete = Complete,
        Validate = WorkloadRules.Validate,
        Columns =
        [
            Columns.Name,
            Columns.Count("Desired", "Nodes that should have a pod.", static item => item.NumberAt("status", "desiredNumberScheduled") ?? 0),
            Columns.Count("Current", "Nodes that have one.", static item => item.NumberAt("status", "currentNumberScheduled") ?? 0),
            Columns.Count("Ready", "Pods that are ready.", static item => item.NumberAt("status", "numberReady") ?? 0),
            Columns.Count("Up-to-date", "Nodes that have one of the new template.", static item => item.NumberAt("status", "updatedNumberScheduled") ?? 0),
            Columns.Count("Available", "Pods that have been ready for long enough.", static item => item.NumberAt("status", "numberAvailable") ?? 0),
            Columns.Age,
            Columns.Text("Containers", "The containers.", WorkloadRules.ContainerNames).Wide(),
            Columns.Text("Images", "Their images.", WorkloadRules.ContainerImages).Wide(),
            Columns.Text("Selector", "The labels of its pods.", static item => Columns.Selector(item, "spec", "selector")).Wide(),
        ],
    };

    static void Complete(JsonObject document)
    {
        if (document.ObjectAt("spec", "template", "spec") is { } template) PodRules.CompleteSpec(template);
        if (document.ObjectAt("spec") is { } spec)
            spec["updateStrategy"] ??= new JsonObject { ["type"] = "RollingUpdate", ["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = 1, ["maxSurge"] = 0 } };
        if (document["status"] is not JsonObject status) document["status"] = status = [];
        foreach (string count in (string[])["currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady"]) status[count] ??= 0;
    }
}
