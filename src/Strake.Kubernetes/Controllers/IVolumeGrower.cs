using Strake.Kubernetes.Decisions.Expansion;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers;

/// <summary>Who changes volumes that there are: the drivers, by their names. Every call is idempotent: it may come again after a crash.</summary>
public interface IVolumeGrower
{
    /// <summary>Whether somebody is there who can grow a volume.</summary>
    /// <param name="volume">The volume.</param>
    bool CanGrow(PersistentVolume volume);

    /// <summary>Grows a volume, in use or not; one that is large enough stays as it is.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="size">How large it is to be at least.</param>
    /// <param name="cancellationToken">Cancels the wait; what was begun goes on.</param>
    /// <exception cref="StrakeException">Invalid, NotSupported: it never will be; others: not now. The message is for users.</exception>
    Task<GrownVolume> GrowAsync(PersistentVolume volume, Quantity size, CancellationToken cancellationToken);

    /// <summary>Gives a volume the parameters of an attributes class.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="parameters">The class's parameters.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="StrakeException">Invalid, NotSupported: it never will have them; others: not now. The message is for users.</exception>
    Task ModifyAsync(PersistentVolume volume, TextMap parameters, CancellationToken cancellationToken);
}
