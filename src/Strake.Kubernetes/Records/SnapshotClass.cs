using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>A VolumeSnapshotClass: a way to take snapshots.</summary>
/// <param name="Metadata">What it says of itself.</param>
/// <param name="Driver">The driver that takes them.</param>
/// <param name="DeletesStorage">Whether the driver's snapshots go with their contents.</param>
/// <param name="Parameters">What the driver is told.</param>
public sealed record SnapshotClass(Metadata Metadata, string Driver, bool DeletesStorage, TextMap Parameters)
{
    /// <summary>Whether snapshots of its driver's volumes that name no class get it.</summary>
    public bool IsDefault => Metadata.Annotations.Find("snapshot.storage.kubernetes.io/is-default-class") is "true";

    /// <summary>Reads it from its document.</summary>
    /// <param name="document">The object.</param>
    public static SnapshotClass Read(JsonElement document) =>
        new(Metadata.Read(document), document.Text("driver"), document.Text("deletionPolicy") is "Delete", document.Map("parameters"));
}
