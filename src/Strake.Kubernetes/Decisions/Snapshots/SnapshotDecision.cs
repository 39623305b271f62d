using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Snapshots;

/// <summary>What is to be done for a snapshot: exactly one of these.</summary>
public abstract record SnapshotDecision
{
    private SnapshotDecision()
    {
    }

    /// <summary>It is as it should be.</summary>
    public sealed record Nothing : SnapshotDecision;

    /// <summary>Its state is to be written.</summary>
    /// <param name="After">The snapshot then.</param>
    /// <param name="Event">What users are told; null for nothing.</param>
    public sealed record Mark(VolumeSnapshot After, EventText? Event = null) : SnapshotDecision;

    /// <summary>A content is to be made for it; the driver takes the snapshot then.</summary>
    /// <param name="Content">The content.</param>
    /// <param name="Class">How the snapshot is taken.</param>
    /// <param name="Event">What users are told.</param>
    public sealed record MakeContent(SnapshotContent Content, SnapshotClass Class, EventText Event) : SnapshotDecision;

    /// <summary>The content that it wants is to know which snapshot it is for.</summary>
    /// <param name="Content">The content then.</param>
    public sealed record BindContent(SnapshotContent Content) : SnapshotDecision;

    /// <summary>It goes, and its content goes before it.</summary>
    /// <param name="Content">The content's name.</param>
    public sealed record DeleteContent(string Content) : SnapshotDecision;

    /// <summary>Nothing can be done now.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Wait(string Reason) : SnapshotDecision;
}
