using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>Claims on storage.</summary>
static class ClaimSchema
{
    /// <summary>How much storage is asked for.</summary>
    public static Schema VolumeResourceRequirements { get; } = Record(
        Definitions.Core + "VolumeResourceRequirements", "How much storage is asked for.",
        Field("limits", Map(Quantity), "The most that may be used."),
        Field("requests", Map(Quantity), "The least that is set aside."));

    /// <summary>What storage is asked for.</summary>
    public static Schema PersistentVolumeClaimSpec { get; } = Record(
        Definitions.Core + "PersistentVolumeClaimSpec", "What storage is asked for.",
        Field("accessModes", List(Text), "How the volume may be mounted: ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod."),
        Field("selector", MetaSchema.LabelSelector, "Labels of the volumes that may be bound."),
        Field("resources", VolumeResourceRequirements, "How much storage is asked for."),
        Field("volumeName", Text, "The volume that the claim is bound to, or is to be bound to."),
        Field("storageClassName", Text, "The class that the claim asks for; missing: the default one; empty: none, only volumes without a class."),
        Field("volumeMode", OneOf("Block", "Filesystem"), "Filesystem, or Block for a device.").Defaults("\"Filesystem\""),
        Field("dataSource", ReferenceSchema.TypedLocalObjectReference, "What the new volume is filled from: a snapshot or a claim."),
        Field("dataSourceRef", ReferenceSchema.TypedObjectReference, "What the new volume is filled from; any kind that a populator knows."),
        Field("volumeAttributesClassName", Text, "The class of attributes that can change."));

    /// <summary>What is true of the object now, a type each.</summary>
    public static Schema PersistentVolumeClaimCondition { get; } = Record(
        Definitions.Core + "PersistentVolumeClaimCondition", "What is true of the object now, a type each.",
        Field("type", Text, "The type.").Required(),
        Field("status", Text, "What is."),
        Field("lastProbeTime", Time, "When it was last looked at."),
        Field("lastTransitionTime", Time, "When the status changed."),
        Field("reason", Text, "In one word, for a machine."),
        Field("message", Text, "For a person."));

    /// <summary>How far the change of attributes has come.</summary>
    public static Schema ModifyVolumeStatus { get; } = Record(
        Definitions.Core + "ModifyVolumeStatus", "How far the change of attributes has come.",
        Field("targetVolumeAttributesClassName", Text, "The class that is being applied."),
        Field("status", Text, "What is."));

    /// <summary>What came of the claim.</summary>
    public static Schema PersistentVolumeClaimStatus { get; } = Record(
        Definitions.Core + "PersistentVolumeClaimStatus", "What came of the claim.",
        Field("phase", Text, "Pending, Bound or Lost."),
        Field("accessModes", List(Text), "How the volume may be mounted: ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod."),
        Field("capacity", Map(Quantity), "What the volume holds."),
        Field("conditions", Keyed(PersistentVolumeClaimCondition, "type"), "What is true of the object now, a type each."),
        Field("allocatedResources", Map(Quantity), "What is set aside."),
        Field("allocatedResourceStatuses", Map(Text), "How far each change of a resource has come."),
        Field("currentVolumeAttributesClassName", Text, "The class whose attributes the volume has."),
        Field("modifyVolumeStatus", ModifyVolumeStatus, "How far the change of attributes has come."));

    /// <summary>A request for storage, and what came of it.</summary>
    public static Schema PersistentVolumeClaim { get; } = Record(
        Definitions.Core + "PersistentVolumeClaim", "A request for storage, and what came of it.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("spec", PersistentVolumeClaimSpec, "What is wanted."),
            Field("status", PersistentVolumeClaimStatus, "What is."),
        ]);

    /// <summary>The claim that is made with the pod.</summary>
    public static Schema PersistentVolumeClaimTemplate { get; } = Record(
        Definitions.Core + "PersistentVolumeClaimTemplate", "The claim that is made with the pod.",
        Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
        Field("spec", PersistentVolumeClaimSpec, "What is wanted.").Required());
}
