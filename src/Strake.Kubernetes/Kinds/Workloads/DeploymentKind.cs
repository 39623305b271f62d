using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Pods that are all alike, and how they are replaced.</summary>
public static class DeploymentKind
{
    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "apps", Kind = "Deployment", Plural = "deployments", ShortNames = ["deploy"], Categories = ["all"],
        IsNamespaced = true, HasStatus = true, HasScale = true, HasGeneration = true,
        Describe = static () => WorkloadSchema.Deployment,
        Complete = static document =>
        {
            WorkloadRules.Complete(document);
            if (document.ObjectAt("spec") is not { } spec) return;
            if (spec["strategy"] is not JsonObject strategy) spec["strategy"] = strategy = [];
            strategy["type"] ??= "RollingUpdate";
            if (strategy.TextAt("type") != "RollingUpdate") return;
            if (strategy["rollingUpdate"] is not JsonObject rolling) strategy["rollingUpdate"] = rolling = [];
            rolling["maxUnavailable"] ??= "25%";
            rolling["maxSurge"] ??= "25%";
        },
        Validate = WorkloadRules.Validate,
        Columns =
        [
            Columns.Name,
            Columns.Text("Ready", "Pods that are ready, and wanted.", static item => WorkloadRules.Ready(item)),
            Columns.Count("Up-to-date", "Pods of the new template.", static item => item.NumberAt("status", "updatedReplicas") ?? 0),
            Columns.Count("Available", "Pods that have been ready for long enough.", static item => item.NumberAt("status", "availableReplicas") ?? 0),
            Columns.Age,
            Columns.Text("Containers", "The containers.", WorkloadRules.ContainerNames).Wide(),
            Columns.Text("Images", "Their images.", WorkloadRules.ContainerImages).Wide(),
            Columns.Text("Selector", "The labels of its pods.", static item => Columns.Selector(item, "spec", "selector")).Wide(),
        ],
    };
}
