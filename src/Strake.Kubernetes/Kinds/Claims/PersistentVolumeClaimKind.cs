using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Claims on storage.</summary>
/// <remarks>Rules: <c>pkg/apis/core/validation</c>, <c>ValidatePersistentVolumeClaim</c> and its update.</remarks>
public static class PersistentVolumeClaimKind
{
    const string Immutable = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "", Kind = "PersistentVolumeClaim", Plural = "persistentvolumeclaims", ShortNames = ["pvc"],
        IsNamespaced = true, HasStatus = true,
        Describe = static () => ClaimSchema.PersistentVolumeClaim,
        Complete = Complete,
        Validate = Validate,
        Columns =
        [
            Columns.Name,
            Columns.Text("Status", "Pending, Bound, Lost or Terminating.", static item => Columns.IsTerminating(item) ? "Terminating" : item.TextAt("status", "phase") ?? ""),
            Columns.Path("Volume", "The volume that the claim is bound to.", "spec", "volumeName"),
            Columns.Text("Capacity", "What the volume holds.", static item => IfBound(item, static bound => bound.TextAt("status", "capacity", "storage") ?? "")),
            Columns.Text("Access Modes", "How the volume may be mounted.", static item => IfBound(item, static bound => Columns.AccessModes(bound, "status", "accessModes"))),
            Columns.Text("StorageClass", "The class.", static item => ClassOf(item)),
            Columns.Unset("VolumeAttributesClass", "The class of attributes that can change.", "spec", "volumeAttributesClassName"),
            Columns.Age,
            Columns.Text("VolumeMode", "Filesystem or Block.", static item => item.TextAt("spec", "volumeMode") ?? "<unset>").Wide(),
        ],
    };

    static string IfBound(JsonElement item, Func<JsonElement, string> value) => string.IsNullOrEmpty(item.TextAt("spec", "volumeName")) ? "" : value(item);

    static string ClassOf(JsonElement item) =>
        item.TextAt("metadata", "annotations", "volume.beta.kubernetes.io/storage-class") ?? item.TextAt("spec", "storageClassName") ?? "";

    static void Complete(JsonObject document)
    {
        if (document["status"] is not JsonObject status) document["status"] = status = [];
        status["phase"] ??= "Pending";
        // The two fields mean the same where they can.
        if (document["spec"] is not JsonObject spec) return;
        if (spec["dataSource"] is JsonObject source && spec["dataSourceRef"] is null) spec["dataSourceRef"] = source.DeepClone();
        else if (spec["dataSourceRef"] is JsonObject reference && spec["dataSource"] is null && reference["namespace"] is null && IsOldSource(reference)) spec["dataSource"] = reference.DeepClone();
    }

    static bool IsOldSource(JsonObject reference) => (reference.TextAt("apiGroup") ?? "", reference.TextAt("kind")) is ("", "PersistentVolumeClaim") or ("snapshot.storage.k8s.io", "VolumeSnapshot");

    static void Validate(JsonObject document, JsonObject? old, FaultList faults)
    {
        JsonNode? spec = document["spec"];
        AccessModes.Check(spec, faults);
        CheckRequest(spec, faults);
        foreach (string name in (string[])["volumeName", "storageClassName"])
            if (spec.TextAt(name) is { Length: > 0 } text && ObjectNames.CheckSubdomain(text) is { } wrong) faults.Add(Fault.InvalidText($"spec.{name}", text, wrong));
        if (spec.At("dataSource") is { } source && spec.At("dataSourceRef") is { } reference && spec.TextAt("dataSourceRef", "namespace") is null && !JsonNode.DeepEquals(source, reference))
            faults.Add(Fault.Invalid("spec", "dataSource", "must match dataSourceRef"));
        if (old is not null) CheckUpdate(document, old, faults);
    }

    static void CheckRequest(JsonNode? spec, FaultList faults)
    {
        const string At = "spec.resources[storage]";
        if (spec.TextAt("resources", "requests", "storage") is not { } text) faults.Add(Fault.Required(At));
        else if (Quantity.Parse(text) <= Quantity.Zero) faults.Add(Fault.InvalidText(At, text, "must be greater than zero"));
    }

    static void CheckUpdate(JsonObject document, JsonObject old, FaultList faults)
    {
        JsonObject before = Changeable(old), after = Changeable(document);
        // The controller binds; a default class comes later than the claim.
        if (string.IsNullOrEmpty(before.TextAt("volumeName"))) before["volumeName"] = after["volumeName"]?.DeepClone();
        if (before["storageClassName"] is null) before["storageClassName"] = after["storageClassName"]?.DeepClone();
        if (!JsonNode.DeepEquals(Compact(before), Compact(after))) faults.Add(Fault.Forbidden("spec", Immutable));
        CheckSize(document, old, faults);
    }

    static void CheckSize(JsonObject document, JsonObject old, FaultList faults)
    {
        const string At = "spec.resources.requests.storage";
        if (document.TextAt("spec", "resources", "requests", "storage") is not { } text || old.TextAt("spec", "resources", "requests", "storage") is not { } oldText) return;
        Quantity now = Quantity.Parse(text), was = Quantity.Parse(oldText);
        if (now.Equals(was)) return;
        if (old.TextAt("status", "phase") != "Bound") faults.Add(Fault.Forbidden("spec", Immutable));
        else if (now < was && (old.TextAt("status", "capacity", "storage") is not { } capacity || now < Quantity.Parse(capacity)))
            faults.Add(Fault.Forbidden(At, "field can not be less than status.capacity"));
    }

    // What of a specification may not change.
    static JsonObject Changeable(JsonObject document)
    {
        JsonObject spec = (JsonObject)(document["spec"] as JsonObject ?? []).DeepClone();
        spec.ObjectAt("resources", "requests")?.Remove("storage");
        spec.Remove("volumeAttributesClassName");
        return spec;
    }

    static JsonObject Compact(JsonObject spec)
    {
        foreach (string name in spec.Where(static member => member.Value is null).Select(static member => member.Key).ToArray()) spec.Remove(name);
        return spec;
    }
}
