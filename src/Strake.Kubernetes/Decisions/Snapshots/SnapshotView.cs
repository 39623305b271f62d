using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Snapshots;

/// <summary>What a decision on a snapshot looks at: all of one moment.</summary>
/// <param name="Snapshot">The snapshot.</param>
public sealed record SnapshotView(VolumeSnapshot Snapshot)
{
    /// <summary>The content that it has, wants, or would be given (<see cref="SnapshotDecisions.ContentNameOf"/>); null when there is none.</summary>
    public SnapshotContent? Content { get; init; }

    /// <summary>The claim that it is of; null when it is missing.</summary>
    public Claim? Claim { get; init; }

    /// <summary>The claim's volume; null when there is none.</summary>
    public CsiSource? Volume { get; init; }

    /// <summary>All snapshot classes.</summary>
    public IReadOnlyList<SnapshotClass> Classes { get; init; } = [];

    /// <summary>Whether a volume is being made of it.</summary>
    public bool IsBeingRestored { get; init; }
}
