using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers;

/// <summary>Who makes, deletes and empties volumes' storage: the drivers, by their names. Every call is idempotent: it may come again after a crash.</summary>
public interface IVolumeMaker
{
    /// <summary>Who can make volumes now.</summary>
    ProvisionerSet Provisioners { get; }

    /// <summary>Makes the storage of a claim's volume, or finds what an earlier attempt made.</summary>
    /// <param name="plan">What to make.</param>
    /// <param name="cancellationToken">Cancels the wait; what was begun may be there.</param>
    /// <exception cref="StrakeException">Of any kind: it could not be made; the message is for users.</exception>
    Task<MadeStorage> MakeAsync(ProvisionPlan plan, CancellationToken cancellationToken);

    /// <summary>Takes back what <see cref="MakeAsync"/> made, or had begun to make, for a claim that does not want it any more; of what is not there, nothing.</summary>
    /// <param name="claim">The claim; its annotation names who was to make it.</param>
    /// <param name="name">The name of the storage.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="StrakeException">Of any kind: it could not be taken back.</exception>
    Task DiscardAsync(Claim claim, string name, CancellationToken cancellationToken);

    /// <summary>Deletes a volume's storage; of what is gone already, nothing.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="StrakeException">InUse: somebody has it still; others: it could not be deleted. The message is for users.</exception>
    Task DeleteAsync(PersistentVolume volume, CancellationToken cancellationToken);

    /// <summary>Empties a volume.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="StrakeException">NotSupported: nobody knows how; others: it could not be emptied. The message is for users.</exception>
    Task RecycleAsync(PersistentVolume volume, CancellationToken cancellationToken);
}
