using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Pods with names and claims of their own.</summary>
public static class StatefulSetKind
{
    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "apps", Kind = "StatefulSet", Plural = "statefulsets", ShortNames = ["sts"], Categories = ["all"],
        IsNamespaced = true, HasStatus = true, HasScale = true, HasGeneration = true,
        Describe = static () => WorkloadSchema.StatefulSet,
        Complete = Complete,
        Validate = Validate,
        Columns =
        [
            Columns.Name,
            Columns.Text("Ready", "Pods that are ready, and wanted.", static item => WorkloadRules.Ready(item)),
            Columns.Age,
            Columns.Text("Containers", "The containers.", WorkloadRules.ContainerNames).Wide(),
            Columns.Text("Images", "Their images.", WorkloadRules.ContainerImages).Wide(),
        ],
    };

    static void Complete(JsonObject document)
    {
        WorkloadRules.Complete(document);
        if (document.ObjectAt("spec") is not { } spec) return;
        if (spec["updateStrategy"] is not JsonObject strategy) spec["updateStrategy"] = strategy = [];
        strategy["type"] ??= "RollingUpdate";
        if (strategy.TextAt("type") == "RollingUpdate")
        {
            if (strategy["rollingUpdate"] is not JsonObject rolling) strategy["rollingUpdate"] = rolling = [];
            rolling["partition"] ??= 0;
        }

        foreach (JsonObject claim in spec.ItemsAt("volumeClaimTemplates").OfType<JsonObject>()) PersistentVolumeClaimKind.Kind.Complete!(claim);
    }

    static void Validate(JsonObject document, JsonObject? old, FaultList faults)
    {
        WorkloadRules.Validate(document, old, faults);
        if (old is null) return;
        JsonObject before = Fixed(old), after = Fixed(document);
        if (!JsonNode.DeepEquals(before, after))
        {
            faults.Add(Fault.Forbidden(
                "spec", "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
                + "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"));
        }
    }

    static JsonObject Fixed(JsonObject document)
    {
        var rest = (JsonObject)(document["spec"] as JsonObject ?? []).DeepClone();
        foreach (string name in (string[])["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"]) rest.Remove(name);
        return rest;
    }
}
