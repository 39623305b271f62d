using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Snapshots;

/// <summary>What is to be done for a snapshot's content, so that the driver has the snapshot, and has it no more when the content goes.</summary>
/// <remarks>The states are those of the external snapshotter's sidecar.</remarks>
public static class ContentDecisions
{
    /// <summary>The decision for a content.</summary>
    /// <param name="content">The content.</param>
    /// <param name="snapshot">The snapshot of the name that it is for; null when there is none.</param>
    public static ContentDecision Decide(SnapshotContent content, VolumeSnapshot? snapshot) => content switch
    {
        // Observed: on its way out; its snapshot is there still, and stays.
        { Metadata.IsBeingDeleted: true } when snapshot is { Metadata.IsBeingDeleted: false } && content.IsFor(snapshot) => new ContentDecision.Nothing(),

        // Observed: on its way out, and the driver's snapshot goes with it. One that was never told of may have been taken: its name leads to it.
        { Metadata.IsBeingDeleted: true, DeletesStorage: true } => new ContentDecision.Delete(content.Handle),

        // Observed: on its way out, and the driver's snapshot stays.
        { Metadata.IsBeingDeleted: true } => LetGo(content),

        // Observed: not taken yet, or not ready.
        { IsReady: false } => new ContentDecision.Take(NameOf(content)),

        // Observed: ready.
        _ => new ContentDecision.Nothing(),
    };

    /// <summary>What follows when the driver has deleted the snapshot.</summary>
    /// <param name="content">The content.</param>
    public static ContentDecision LetGo(SnapshotContent content) => new ContentDecision.LetGo(
        content with { Metadata = content.Metadata with { Finalizers = content.Metadata.Finalizers.Without(VolumeFinalizers.BoundContent) } });

    /// <summary>The name of the snapshot for the driver: the same for every attempt.</summary>
    /// <param name="content">The content.</param>
    public static string NameOf(SnapshotContent content) => $"snapshot-{content.Snapshot.Uid}";
}
