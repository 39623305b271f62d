using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers;

/// <summary>Who takes and removes snapshots: the drivers, by their names. Every call is idempotent: it may come again after a crash.</summary>
public interface ISnapshotTaker
{
    /// <summary>Takes a content's snapshot, or finds what there is of it.</summary>
    /// <param name="content">What is to be taken, of which volume; or the handle of one that there is.</param>
    /// <param name="name">The snapshot's name for the driver.</param>
    /// <param name="cancellationToken">Cancels the wait; what was begun may be there.</param>
    /// <exception cref="StrakeException">Of any kind: it could not be taken; the message is for users.</exception>
    Task<TakenSnapshot> TakeAsync(SnapshotContent content, string name, CancellationToken cancellationToken);

    /// <summary>Removes a content's snapshot; of what is gone already, or was never taken, nothing.</summary>
    /// <param name="content">The content.</param>
    /// <param name="name">The snapshot's name for the driver.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="StrakeException">Of any kind: it is there still; the message is for users.</exception>
    Task RemoveAsync(SnapshotContent content, string name, CancellationToken cancellationToken);
}
