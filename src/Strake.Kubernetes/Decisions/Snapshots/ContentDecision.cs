using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Snapshots;

/// <summary>What is to be done for a snapshot's content: exactly one of these.</summary>
public abstract record ContentDecision
{
    private ContentDecision()
    {
    }

    /// <summary>It is as it should be.</summary>
    public sealed record Nothing : ContentDecision;

    /// <summary>The driver is to take the snapshot, or to say how far it is. Taking is idempotent by the name.</summary>
    /// <param name="Name">The snapshot's name for the driver.</param>
    public sealed record Take(string Name) : ContentDecision;

    /// <summary>The driver is to delete the snapshot; then the content goes. Deleting is idempotent.</summary>
    /// <param name="Handle">The snapshot's name at the driver.</param>
    public sealed record Delete(string Handle) : ContentDecision;

    /// <summary>Nothing holds it any more.</summary>
    /// <param name="After">The content then.</param>
    public sealed record LetGo(SnapshotContent After) : ContentDecision;
}
