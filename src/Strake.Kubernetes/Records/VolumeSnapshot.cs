using System.Text.Json;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Records;

/// <summary>A VolumeSnapshot: a request for the state of a claim at a moment.</summary>
public sealed record VolumeSnapshot
{
    /// <summary>What it says of itself.</summary>
    public required Metadata Metadata { get; init; }

    /// <summary>The claim that it is of; empty when it is of a content that exists.</summary>
    public string ClaimName { get; init; } = "";

    /// <summary>The content that it shall have; empty when one is to be made.</summary>
    public string WantedContent { get; init; } = "";

    /// <summary>Its class; null when none is named.</summary>
    public string? ClassName { get; init; }

    /// <summary>The content that it has; empty for none.</summary>
    public string BoundContent { get; init; } = "";

    /// <summary>Whether volumes can be made of it.</summary>
    public bool IsReady { get; init; }

    /// <summary>The least size of a volume made of it; null when not known.</summary>
    public Quantity? RestoreSize { get; init; }

    /// <summary>What went wrong last; empty for nothing.</summary>
    public string Error { get; init; } = "";

    /// <summary>Where it is found.</summary>
    public ObjectKey Key => Metadata.Key;

    /// <summary>Reads it from its document.</summary>
    /// <param name="document">The object.</param>
    public static VolumeSnapshot Read(JsonElement document)
    {
        JsonElement spec = document.At("spec"), status = document.At("status");
        return new VolumeSnapshot
        {
            Metadata = Metadata.Read(document),
            ClaimName = spec.At("source").Text("persistentVolumeClaimName"),
            WantedContent = spec.At("source").Text("volumeSnapshotContentName"),
            ClassName = spec.TextOrNull("volumeSnapshotClassName"),
            BoundContent = status.Text("boundVolumeSnapshotContentName"),
            IsReady = status.Flag("readyToUse"),
            RestoreSize = status.Quantity("restoreSize"),
            Error = status.At("error").Text("message"),
        };
    }
}
