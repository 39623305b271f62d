using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Schemas;

namespace Strake.Kubernetes.Kinds;

/// <summary>Pieces of storage.</summary>
/// <remarks>Rules: <c>pkg/apis/core/validation</c>, <c>ValidatePersistentVolume</c> and its update.</remarks>
public static class PersistentVolumeKind
{
    // The members of the specification that are no source.
    static readonly string[] s_notSources =
        ["capacity", "accessModes", "claimRef", "persistentVolumeReclaimPolicy", "storageClassName", "mountOptions", "volumeMode", "nodeAffinity", "volumeAttributesClassName"];

    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "", Kind = "PersistentVolume", Plural = "persistentvolumes", ShortNames = ["pv"],
        HasStatus = true,
        Describe = static () => VolumeSchema.PersistentVolume,
        Complete = Complete,
        Validate = Validate,
        Columns =
        [
            Columns.Name,
            Columns.Path("Capacity", "What the volume holds.", "spec", "capacity", "storage"),
            Columns.Text("Access Modes", "How the volume may be mounted.", static item => Columns.AccessModes(item, "spec", "accessModes")),
            Columns.Path("Reclaim Policy", "What becomes of it when it is released.", "spec", "persistentVolumeReclaimPolicy"),
            Columns.Text("Status", "Available, Bound, Released, Failed or Terminating.", static item => Columns.IsTerminating(item) ? "Terminating" : item.TextAt("status", "phase") ?? ""),
            Columns.Text("Claim", "The claim that has it.", static item => item.At("spec", "claimRef") is { } claim ? $"{claim.TextAt("namespace")}/{claim.TextAt("name")}" : ""),
            Columns.Text("StorageClass", "The class.", static item => item.TextAt("metadata", "annotations", "volume.beta.kubernetes.io/storage-class") ?? item.TextAt("spec", "storageClassName") ?? ""),
            Columns.Unset("VolumeAttributesClass", "The class of attributes that can change.", "spec", "volumeAttributesClassName"),
            Columns.Path("Reason", "Why it failed.", "status", "reason"),
            Columns.Age,
            Columns.Text("VolumeMode", "Filesystem or Block.", static item => item.TextAt("spec", "volumeMode") ?? "<unset>").Wide(),
        ],
    };

    /// <summary>The names of the sources that a volume may have.</summary>
    static IEnumerable<string> Sources => VolumeSchema.PersistentVolumeSpec.Fields.Select(static one => one.Name).Except(s_notSources);

    static void Complete(JsonObject document)
    {
        if (document["status"] is not JsonObject status) document["status"] = status = [];
        status["phase"] ??= "Pending";
    }

    static void Validate(JsonObject document, JsonObject? old, FaultList faults)
    {
        JsonNode? spec = document["spec"];
        AccessModes.Check(spec, faults);
        CheckCapacity(spec, faults);
        string[] sources = [.. Sources.Where(source => spec.At(source) is not null)];
        if (sources.Length == 0) faults.Add(Fault.Required("spec", "must specify a volume type"));
        foreach (string more in sources.Skip(1)) faults.Add(Fault.Forbidden($"spec.{more}", "may not specify more than 1 volume type"));
        CheckPaths(spec, faults);
        if (spec.At("local") is not null && spec.At("nodeAffinity", "required") is null) faults.Add(Fault.Required("spec.nodeAffinity", "Local volume requires node affinity"));
        if (old is not null && sources.Length > 0 && !JsonNode.DeepEquals(SourceOf(spec), SourceOf(old["spec"])))
            faults.Add(Fault.Forbidden("spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation"));
        if (old is not null && !JsonNode.DeepEquals(old.At("spec", "volumeMode"), spec.At("volumeMode"))) faults.Add(Fault.Invalid("spec.volumeMode", spec.At("volumeMode")?.ToJsonString() ?? "null", "field is immutable"));
    }

    static void CheckCapacity(JsonNode? spec, FaultList faults)
    {
        JsonObject? capacity = spec.ObjectAt("capacity");
        if (capacity is null or { Count: 0 }) faults.Add(Fault.Required("spec.capacity"));
        else if (capacity.TextAt("storage") is not { } storage || capacity.Count > 1) faults.Add(Fault.Unsupported("spec.capacity", string.Join(',', capacity.Select(static one => one.Key)), ["storage"]));
        else if (Quantity.Parse(storage) <= Quantity.Zero) faults.Add(Fault.InvalidText("spec.capacity[storage]", storage, "must be greater than zero"));
    }

    static void CheckPaths(JsonNode? spec, FaultList faults)
    {
        foreach (string source in (string[])["hostPath", "local"])
        {
            if (spec.At(source) is null) continue;
            string path = spec.TextAt(source, "path") ?? "";
            if (path.Length > 0 && path.Split('/').Contains("..")) faults.Add(Fault.InvalidText($"spec.{source}.path", path, "must not contain '..'"));
        }

        HostPathTypes.Check(spec.TextAt("hostPath", "type"), "spec.hostPath.type", faults);
        if (spec.TextAt("hostPath", "path") is { } root && root.Length > 0 && root.Trim('/').Length == 0 && spec.TextAt("persistentVolumeReclaimPolicy") == "Recycle")
            faults.Add(Fault.Forbidden("spec.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'"));
    }

    static JsonObject SourceOf(JsonNode? spec)
    {
        var source = new JsonObject();
        foreach (string name in Sources)
            if (spec.At(name) is { } value) source[name] = value.DeepClone();
        // Secrets for growing are given later, too.
        source.ObjectAt("csi")?.Remove("controllerExpandSecretRef");
        source.ObjectAt("csi")?.Remove("nodeExpandSecretRef");
        return source;
    }
}
