using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Ways to make volumes.</summary>
public static class StorageClassKind
{
    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "storage.k8s.io", Kind = "StorageClass", Plural = "storageclasses", ShortNames = ["sc"],
        Describe = static () => StorageSchema.StorageClass,
        Validate = Validate,
        Columns =
        [
            new("Name", "string", "The class's name.", static (item, _) => Columns.NameOf(item) + (IsDefault(item) ? " (default)" : "")) { Format = "name" },
            Columns.Path("Provisioner", "What makes the volumes.", "provisioner"),
            Columns.Text("ReclaimPolicy", "What becomes of released volumes.", static item => item.TextAt("reclaimPolicy") ?? "Delete"),
            Columns.Text("VolumeBindingMode", "When volumes are made.", static item => item.TextAt("volumeBindingMode") ?? "Immediate"),
            new("AllowVolumeExpansion", "string", "Whether claims may grow.", static (item, _) => item.FlagAt("allowVolumeExpansion") is true ? "true" : "false"),
            Columns.Age,
        ],
    };

    static bool IsDefault(JsonElement item) =>
        item.TextAt("metadata", "annotations", "storageclass.kubernetes.io/is-default-class") == "true"
        || item.TextAt("metadata", "annotations", "storageclass.beta.kubernetes.io/is-default-class") == "true";

    static void Validate(JsonObject document, JsonObject? old, FaultList faults)
    {
        string[] policies = ["Delete", "Retain"];
        if (document.TextAt("reclaimPolicy") is { } policy && !policies.Contains(policy)) faults.Add(Fault.Unsupported("reclaimPolicy", policy, policies));
        string[] modes = ["Immediate", "WaitForFirstConsumer"];
        if (document.TextAt("volumeBindingMode") is { } mode && !modes.Contains(mode)) faults.Add(Fault.Unsupported("volumeBindingMode", mode, modes));
        if (old is null) return;
        foreach (string field in (string[])["parameters", "provisioner", "reclaimPolicy"])
            if (!JsonNode.DeepEquals(document[field], old[field])) faults.Add(Fault.Forbidden(field, "updates to " + field + " are forbidden."));
        if (!JsonNode.DeepEquals(document["volumeBindingMode"], old["volumeBindingMode"]))
            faults.Add(Fault.Invalid("volumeBindingMode", document["volumeBindingMode"]?.ToJsonString() ?? "null", "field is immutable"));
    }
}
