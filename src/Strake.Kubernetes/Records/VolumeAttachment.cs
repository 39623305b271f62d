using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>A VolumeAttachment: that a node shall have a volume, and whether it has.</summary>
public sealed record VolumeAttachment
{
    /// <summary>What it says of itself.</summary>
    public required Metadata Metadata { get; init; }

    /// <summary>The CSI driver that attaches.</summary>
    public string Attacher { get; init; } = "";

    /// <summary>The volume.</summary>
    public string VolumeName { get; init; } = "";

    /// <summary>The node.</summary>
    public string NodeName { get; init; } = "";

    /// <summary>Whether the node has it.</summary>
    public bool IsAttached { get; init; }

    /// <summary>Why attaching failed last; empty when it did not.</summary>
    public string AttachError { get; init; } = "";

    /// <summary>Why detaching failed last; empty when it did not.</summary>
    public string DetachError { get; init; } = "";

    /// <summary>Reads it from its document.</summary>
    /// <param name="document">The object.</param>
    public static VolumeAttachment Read(JsonElement document)
    {
        JsonElement spec = document.At("spec"), status = document.At("status");
        return new VolumeAttachment
        {
            Metadata = Metadata.Read(document),
            Attacher = spec.Text("attacher"),
            VolumeName = spec.At("source").Text("persistentVolumeName"),
            NodeName = spec.Text("nodeName"),
            IsAttached = status.Flag("attached"),
            AttachError = status.At("attachError").Text("message"),
            DetachError = status.At("detachError").Text("message"),
        };
    }
}
