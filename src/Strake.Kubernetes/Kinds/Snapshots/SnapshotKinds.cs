using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Snapshots of volumes: built in here, so that nobody has to install their definitions.</summary>
public static class SnapshotKinds
{
    const string ApiGroup = "snapshot.storage.k8s.io";

    /// <summary>Wishes for snapshots.</summary>
    public static ResourceKind Snapshot { get; } = new()
    {
        Group = ApiGroup, Kind = "VolumeSnapshot", Plural = "volumesnapshots", ShortNames = ["vs"],
        IsNamespaced = true, HasStatus = true, HasGeneration = true,
        Describe = static () => SnapshotSchema.Snapshot,
        Validate = ValidateSource,
        Columns =
        [
            Columns.Name,
            Columns.Text("ReadyToUse", "Whether a volume can be made of it.", static item => Shown(item.FlagAt("status", "readyToUse"))),
            Columns.Path("SourcePVC", "The claim.", "spec", "source", "persistentVolumeClaimName"),
            Columns.Path("SourceSnapshotContent", "The content that was there already.", "spec", "source", "volumeSnapshotContentName"),
            Columns.Path("RestoreSize", "The least size of a volume made of it.", "status", "restoreSize"),
            Columns.Path("SnapshotClass", "The class.", "spec", "volumeSnapshotClassName"),
            Columns.Path("SnapshotContent", "The content.", "status", "boundVolumeSnapshotContentName"),
            new("CreationTime", "string", "How long ago it was taken.", static (item, now) => item.TextAt("status", "creationTime") is { } time ? Columns.Since(time, now) : ""),
            Columns.Age,
        ],
    };

    /// <summary>Snapshots.</summary>
    public static ResourceKind Content { get; } = new()
    {
        Group = ApiGroup, Kind = "VolumeSnapshotContent", Plural = "volumesnapshotcontents", ShortNames = ["vsc", "vscs"],
        HasStatus = true, HasGeneration = true,
        Describe = static () => SnapshotSchema.Content,
        Columns =
        [
            Columns.Name,
            Columns.Text("ReadyToUse", "Whether a volume can be made of it.", static item => Shown(item.FlagAt("status", "readyToUse"))),
            Columns.Text("RestoreSize", "The least size of a volume made of it.", static item => item.NumberAt("status", "restoreSize")?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? ""),
            Columns.Path("DeletionPolicy", "What becomes of it with the wish.", "spec", "deletionPolicy"),
            Columns.Path("Driver", "The driver.", "spec", "driver"),
            Columns.Path("VolumeSnapshotClass", "The class.", "spec", "volumeSnapshotClassName"),
            Columns.Path("VolumeSnapshot", "The wish.", "spec", "volumeSnapshotRef", "name"),
            Columns.Path("VolumeSnapshotNamespace", "The wish's namespace.", "spec", "volumeSnapshotRef", "namespace"),
            Columns.Age,
        ],
    };

    /// <summary>Ways to make snapshots.</summary>
    public static ResourceKind Class { get; } = new()
    {
        Group = ApiGroup, Kind = "VolumeSnapshotClass", Plural = "volumesnapshotclasses", ShortNames = ["vsclass", "vsclasses"], HasGeneration = true,
        Describe = static () => SnapshotSchema.Class,
        Columns = [Columns.Name, Columns.Path("Driver", "The driver.", "driver"), Columns.Path("DeletionPolicy", "What becomes of snapshots with their wishes.", "deletionPolicy"), Columns.Age],
    };

    static string Shown(bool? flag) => flag switch { true => "true", false => "false", null => "" };

    static void ValidateSource(JsonObject document, JsonObject? old, FaultList faults)
    {
        bool hasClaim = document.TextAt("spec", "source", "persistentVolumeClaimName") is not null;
        bool hasContent = document.TextAt("spec", "source", "volumeSnapshotContentName") is not null;
        if (hasClaim == hasContent)
            faults.Add(Fault.Invalid("spec.source", "object", "exactly one of volumeSnapshotContentName and persistentVolumeClaimName must be set"));
        if (old is not null && !JsonNode.DeepEquals(old.At("spec", "source"), document.At("spec", "source"))) faults.Add(Fault.Invalid("spec.source", "object", "field is immutable"));
    }
}
