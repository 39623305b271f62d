using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Numbers of pods that are all alike.</summary>
public static class ReplicaSetKind
{
    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "apps", Kind = "ReplicaSet", Plural = "replicasets", ShortNames = ["rs"], Categories = ["all"],
        IsNamespaced = true, HasStatus = true, HasScale = true, HasGeneration = true,
        Describe = static () => WorkloadSchema.ReplicaSet,
        Complete = WorkloadRules.Complete,
        Validate = WorkloadRules.Validate,
        SelectableFields = ["status.replicas"],
        Columns =
        [
            Columns.Name,
            Columns.Count("Desired", "Pods that are wanted.", static item => item.NumberAt("spec", "replicas") ?? 1),
            Columns.Count("Current", "Pods that there are.", static item => item.NumberAt("status", "replicas") ?? 0),
            Columns.Count("Ready", "Pods that are ready.", static item => item.NumberAt("status", "readyReplicas") ?? 0),
            Columns.Age,
            Columns.Text("Containers", "The containers.", WorkloadRules.ContainerNames).Wide(),
            Columns.Text("Images", "Their images.", WorkloadRules.ContainerImages).Wide(),
            Columns.Text("Selector", "The labels of its pods.", static item => Columns.Selector(item, "spec", "selector")).Wide(),
        ],
    };
}
