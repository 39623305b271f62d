using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>Snapshots of volumes: their wish, their content, their class.</summary>
/// <remarks>kubernetes-csi/external-snapshotter <c>client/apis/volumesnapshot/v1</c>; there they are custom resources.</remarks>
static class SnapshotSchema
{
    static readonly Schema s_error = Record(
        Definitions.Snapshots + "VolumeSnapshotError", "A failure.",
        Field("time", Time, "When."),
        Field("message", Text, "What went wrong."));

    /// <summary>A wish for a snapshot, and what came of it.</summary>
    public static Schema Snapshot { get; } = Record(
        Definitions.Snapshots + "VolumeSnapshot", "A wish for a snapshot of a claim's volume, and what came of it.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("spec", Record(
                Definitions.Snapshots + "VolumeSnapshotSpec", "What snapshot is wanted.",
                Field("source", Record(
                    Definitions.Snapshots + "VolumeSnapshotSource", "Of what; one of the two.",
                    Field("persistentVolumeClaimName", Text, "The claim whose volume is taken."),
                    Field("volumeSnapshotContentName", Text, "A snapshot that is there already.")), "Of what.").Required(),
                Field("volumeSnapshotClassName", Text, "The class; missing: the default one.")), "What is wanted.").Required(),
            Field("status", Record(
                Definitions.Snapshots + "VolumeSnapshotStatus", "What came of it.",
                Field("boundVolumeSnapshotContentName", Text, "The content."),
                Field("creationTime", Time, "When the snapshot was taken."),
                Field("readyToUse", Flag, "Whether a volume can be made of it."),
                Field("restoreSize", Quantity, "The least size of a volume made of it."),
                Field("error", s_error, "The last failure."),
                Field("volumeGroupSnapshotName", Text, "The group of snapshots to which it belongs.")), "What is."),
        ]);

    /// <summary>A snapshot.</summary>
    public static Schema Content { get; } = Record(
        Definitions.Snapshots + "VolumeSnapshotContent", "A snapshot as its driver has it.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("spec", Record(
                Definitions.Snapshots + "VolumeSnapshotContentSpec", "What it is.",
                Field("volumeSnapshotRef", ReferenceSchema.ObjectReference, "The wish that it fulfils.").Required(),
                Field("deletionPolicy", OneOf("Delete", "Retain"), "What becomes of it with the wish.").Required(),
                Field("driver", Text, "The driver.").Required(),
                Field("volumeSnapshotClassName", Text, "The class."),
                Field("source", Record(
                    Definitions.Snapshots + "VolumeSnapshotContentSource", "Of what; one of the two.",
                    Field("volumeHandle", Text, "The volume, as the driver names it."),
                    Field("snapshotHandle", Text, "A snapshot that is there already.")), "Of what.").Required(),
                Field("sourceVolumeMode", Text, "Filesystem or Block.")), "What is wanted.").Required(),
            Field("status", Record(
                Definitions.Snapshots + "VolumeSnapshotContentStatus", "What came of it.",
                Field("snapshotHandle", Text, "The snapshot, as the driver names it."),
                Field("creationTime", Number64, "When it was taken, in nanoseconds since 1970."),
                Field("restoreSize", Number64, "The least size of a volume made of it, bytes."),
                Field("readyToUse", Flag, "Whether a volume can be made of it."),
                Field("error", s_error, "The last failure."),
                Field("volumeGroupSnapshotHandle", Text, "The group of snapshots, as the driver names it.")), "What is."),
        ]);

    /// <summary>A way to make snapshots.</summary>
    public static Schema Class { get; } = Record(
        Definitions.Snapshots + "VolumeSnapshotClass", "A way to make snapshots.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("driver", Text, "The driver.").Required(),
            Field("parameters", Map(Text), "The driver's parameters."),
            Field("deletionPolicy", OneOf("Delete", "Retain"), "What becomes of snapshots with their wishes.").Required(),
        ]);
}
