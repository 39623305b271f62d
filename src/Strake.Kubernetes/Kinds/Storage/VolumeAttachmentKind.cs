using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Wishes that volumes be attached to nodes.</summary>
public static class VolumeAttachmentKind
{
    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "storage.k8s.io", Kind = "VolumeAttachment", Plural = "volumeattachments",
        HasStatus = true,
        Describe = static () => StorageSchema.VolumeAttachment,
        Validate = static (document, old, faults) =>
        {
            if (old is not null && !JsonNode.DeepEquals(document["spec"], old["spec"])) faults.Add(Fault.Invalid("spec", "{}", "field is immutable"));
        },
        Columns =
        [
            Columns.Name,
            Columns.Path("Attacher", "The driver.", "spec", "attacher"),
            Columns.Path("PV", "The volume.", "spec", "source", "persistentVolumeName"),
            Columns.Path("Node", "The node.", "spec", "nodeName"),
            Columns.Flag("Attached", "Whether it is attached.", static item => item.FlagAt("status", "attached") is true),
            Columns.Age,
        ],
    };
}
