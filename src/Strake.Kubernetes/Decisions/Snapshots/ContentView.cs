using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Snapshots;

/// <summary>What the choice of a claim's content looks at: all of one moment.</summary>
/// <param name="Claim">The claim whose volume is to be made.</param>
/// <param name="Driver">The driver that makes it.</param>
public sealed record ContentView(Claim Claim, string Driver)
{
    /// <summary>The files of the VolumeSource that the claim names; null: there is none.</summary>
    public VolumeFiles? Files { get; init; }

    /// <summary>The snapshot that the claim names; null when it is missing.</summary>
    public VolumeSnapshot? Snapshot { get; init; }

    /// <summary>That snapshot's content; null when there is none.</summary>
    public SnapshotContent? Content { get; init; }

    /// <summary>The claim that the claim names; null when it is missing.</summary>
    public Claim? SourceClaim { get; init; }

    /// <summary>The volume of that claim; null when there is none.</summary>
    public PersistentVolume? SourceVolume { get; init; }
}
