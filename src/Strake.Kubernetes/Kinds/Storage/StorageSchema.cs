using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>Classes, attachments and CSI drivers.</summary>
static class StorageSchema
{
    /// <summary>A way to make volumes.</summary>
    public static Schema StorageClass { get; } = Record(
        Definitions.Storage + "StorageClass", "A way to make volumes.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("provisioner", Text, "What makes the volumes.").Required(),
            Field("parameters", Map(Text), "The driver's parameters."),
            Field("reclaimPolicy", OneOf("Delete", "Recycle", "Retain"), "What becomes of released volumes: Delete or Retain.").Defaults("\"Delete\""),
            Field("mountOptions", List(Text), "Options of the mount."),
            Field("allowVolumeExpansion", Flag, "Whether claims of the class may grow."),
            Field("volumeBindingMode", Text, "When volumes are made: Immediate, or WaitForFirstConsumer.").Defaults("\"Immediate\""),
            Field("allowedTopologies", List(ReferenceSchema.TopologySelectorTerm), "Where volumes of the class can be made."),
        ]);

    /// <summary>Attributes that a volume can change while it is in use.</summary>
    public static Schema VolumeAttributesClass { get; } = Record(
        Definitions.Storage + "VolumeAttributesClass", "Attributes that a volume can change while it is in use.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("driverName", Text, "The driver's name.").Required(),
            Field("parameters", Map(Text), "The driver's parameters."),
        ]);

    /// <summary>Where it comes from.</summary>
    public static Schema VolumeAttachmentSource { get; } = Record(
        Definitions.Storage + "VolumeAttachmentSource", "Where it comes from.",
        Field("persistentVolumeName", Text, "The persistent volume."),
        Field("inlineVolumeSpec", VolumeSchema.PersistentVolumeSpec, "The volume itself, where no persistent volume stands for it."));

    /// <summary>What is wanted.</summary>
    public static Schema VolumeAttachmentSpec { get; } = Record(
        Definitions.Storage + "VolumeAttachmentSpec", "What is wanted.",
        Field("attacher", Text, "The driver that handles the attachment.").Required(),
        Field("source", VolumeAttachmentSource, "Where it comes from.").Required(),
        Field("nodeName", Text, "The node.").Required());

    /// <summary>The last failure to attach.</summary>
    public static Schema VolumeError { get; } = Record(
        Definitions.Storage + "VolumeError", "The last failure to attach.",
        Field("time", Time, "When."),
        Field("message", Text, "For a person."),
        Field("errorCode", Number32, "The code of the failure."));

    /// <summary>What is.</summary>
    public static Schema VolumeAttachmentStatus { get; } = Record(
        Definitions.Storage + "VolumeAttachmentStatus", "What is.",
        Field("attached", Flag, "Whether the volume is attached.").Required(),
        Field("attachmentMetadata", Map(Text), "What the driver said about the attachment."),
        Field("attachError", VolumeError, "The last failure to attach."),
        Field("detachError", VolumeError, "The last failure to detach."));

    /// <summary>The wish that a volume be attached to a node, and what came of it.</summary>
    public static Schema VolumeAttachment { get; } = Record(
        Definitions.Storage + "VolumeAttachment", "The wish that a volume be attached to a node, and what came of it.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("spec", VolumeAttachmentSpec, "What is wanted.").Required(),
            Field("status", VolumeAttachmentStatus, "What is."),
        ]);

    /// <summary>Tokens that the driver wants.</summary>
    public static Schema TokenRequest { get; } = Record(
        Definitions.Storage + "TokenRequest", "Tokens that the driver wants.",
        Field("audience", Text, "Whom the token is for.").Required(),
        Field("expirationSeconds", Number64, "Seconds that the token is valid."));

    /// <summary>What is wanted.</summary>
    public static Schema CSIDriverSpec { get; } = Record(
        Definitions.Storage + "CSIDriverSpec", "What is wanted.",
        Field("attachRequired", Flag, "Whether volumes are attached to a node before they are mounted there.").Defaults("true"),
        Field("podInfoOnMount", Flag, "Whether the driver is told which pod mounts.").Defaults("false"),
        Field("volumeLifecycleModes", Set(Text), "Whether the driver serves Persistent or Ephemeral volumes."),
        Field("storageCapacity", Flag, "Whether capacity counts when a node is looked for.").Defaults("false"),
        Field("fsGroupPolicy", Text, "Whether ownership is set on the driver's volumes.").Defaults("\"ReadWriteOnceWithFSType\""),
        Field("tokenRequests", List(TokenRequest), "Tokens that the driver wants."),
        Field("requiresRepublish", Flag, "Whether the driver wants to be called again from time to time.").Defaults("false"),
        Field("seLinuxMount", Flag, "Whether the driver can mount with an SELinux label.").Defaults("false"),
        Field("nodeAllocatableUpdatePeriodSeconds", Number64, "Seconds between updates of what the node can take."),
        Field("serviceAccountTokenInSecrets", Flag, "Whether tokens come among the secrets."),
        Field("preventPodSchedulingIfMissing", Flag, "Whether pods wait for the driver."));

    /// <summary>A CSI driver, and how it wants to be called.</summary>
    public static Schema CSIDriver { get; } = Record(
        Definitions.Storage + "CSIDriver", "A CSI driver, and how it wants to be called.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("spec", CSIDriverSpec, "What is wanted.").Required(),
        ]);

    /// <summary>What pods can have.</summary>
    public static Schema VolumeNodeResources { get; } = Record(
        Definitions.Storage + "VolumeNodeResources", "What pods can have.",
        Field("count", Number32, "How often it happened."));

    /// <summary>The drivers on the node.</summary>
    public static Schema CSINodeDriver { get; } = Record(
        Definitions.Storage + "CSINodeDriver", "The drivers on the node.",
        Field("name", Text, "The name.").Required(),
        Field("nodeID", Text, "The node, as the driver names it.").Required(),
        Field("topologyKeys", List(Text), "The labels by which the driver tells places apart."),
        Field("allocatable", VolumeNodeResources, "What pods can have."));

    /// <summary>What is wanted.</summary>
    public static Schema CSINodeSpec { get; } = Record(
        Definitions.Storage + "CSINodeSpec", "What is wanted.",
        Field("drivers", Keyed(CSINodeDriver, "name"), "The drivers on the node."));

    /// <summary>The CSI drivers of a node.</summary>
    public static Schema CSINode { get; } = Record(
        Definitions.Storage + "CSINode", "The CSI drivers of a node.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("spec", CSINodeSpec, "What is wanted.").Required(),
        ]);

    /// <summary>How much a driver can still make, and where.</summary>
    public static Schema CSIStorageCapacity { get; } = Record(
        Definitions.Storage + "CSIStorageCapacity", "How much a driver can still make, and where.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("nodeTopology", MetaSchema.LabelSelector, "The nodes from which the storage is reached."),
            Field("storageClassName", Text, "The class; empty: none.").Required(),
            Field("capacity", Quantity, "How much there is."),
            Field("maximumVolumeSize", Quantity, "The largest volume that can be made."),
        ]);
}
