using System.Text.Json;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Records;

/// <summary>A VolumeSnapshotContent: a snapshot that a driver has, or shall make.</summary>
public sealed record SnapshotContent
{
    /// <summary>What it says of itself.</summary>
    public required Metadata Metadata { get; init; }

    /// <summary>The driver that has it.</summary>
    public string Driver { get; init; } = "";

    /// <summary>The class that it was made of; empty for none.</summary>
    public string ClassName { get; init; } = "";

    /// <summary>Whether the driver's snapshot goes with it.</summary>
    public bool DeletesStorage { get; init; }

    /// <summary>The snapshot that it is for.</summary>
    public ClaimReference Snapshot { get; init; } = new("", "");

    /// <summary>The volume that it is made of, by its name at the driver; empty when the snapshot exists.</summary>
    public string VolumeHandle { get; init; } = "";

    /// <summary>Its name at the driver; empty when it was not made yet.</summary>
    public string Handle { get; init; } = "";

    /// <summary>Whether volumes can be made of it.</summary>
    public bool IsReady { get; init; }

    /// <summary>The least size of a volume made of it; null when not known.</summary>
    public Quantity? RestoreSize { get; init; }

    /// <summary>What went wrong last; empty for nothing.</summary>
    public string Error { get; init; } = "";

    /// <summary>Its name.</summary>
    public string Name => Metadata.Name;

    /// <summary>Whether it is for a snapshot: by name and namespace, and, when it says so, by identity.</summary>
    /// <param name="snapshot">The snapshot.</param>
    public bool IsFor(VolumeSnapshot snapshot) => Snapshot.Key == snapshot.Key && (Snapshot.Uid.Length == 0 || Snapshot.Uid == snapshot.Metadata.Uid);

    /// <summary>Reads it from its document.</summary>
    /// <param name="document">The object.</param>
    public static SnapshotContent Read(JsonElement document)
    {
        JsonElement spec = document.At("spec"), status = document.At("status");
        return new SnapshotContent
        {
            Metadata = Metadata.Read(document),
            Driver = spec.Text("driver"),
            ClassName = spec.Text("volumeSnapshotClassName"),
            DeletesStorage = spec.Text("deletionPolicy") is "Delete",
            Snapshot = ClaimReference.Read(spec.At("volumeSnapshotRef")),
            VolumeHandle = spec.At("source").Text("volumeHandle"),
            Handle = spec.At("source").Text("snapshotHandle") is { Length: > 0 } given ? given : status.Text("snapshotHandle"),
            IsReady = status.Flag("readyToUse"),
            RestoreSize = status.Quantity("restoreSize"),
            Error = status.At("error").Text("message"),
        };
    }
}
