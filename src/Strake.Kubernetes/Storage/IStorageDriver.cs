using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Decisions.Expansion;
using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;
using Quantity = Strake.Kubernetes.Objects.Quantity;

namespace Strake.Kubernetes.Storage;

/// <summary>One way to storage: the built-in driver, or a program of somebody else's. Every call is idempotent by the volume's name.</summary>
/// <remarks>All of them refuse with a <see cref="StrakeException"/> whose message is for users.</remarks>
interface IStorageDriver
{
    /// <summary>Makes a volume of the engine, or finds what an earlier call made.</summary>
    Task<MadeStorage> MakeAsync(StorageOrder order, CancellationToken cancellationToken);

    /// <summary>Removes a volume that nobody has, with its content.</summary>
    Task RemoveAsync(string volume, CancellationToken cancellationToken);

    /// <summary>Makes a volume larger.</summary>
    Task<GrownVolume> GrowAsync(string volume, Quantity size, CancellationToken cancellationToken);

    /// <summary>Changes parameters of a volume.</summary>
    Task ModifyAsync(string volume, TextMap parameters, CancellationToken cancellationToken);

    /// <summary>Takes a snapshot of a volume.</summary>
    Task<TakenSnapshot> TakeSnapshotAsync(string name, string volume, CancellationToken cancellationToken);

    /// <summary>A snapshot that there is, by its handle.</summary>
    Task<TakenSnapshot> GetSnapshotAsync(string handle, CancellationToken cancellationToken);

    /// <summary>Removes a snapshot; one that is not there is removed already.</summary>
    Task RemoveSnapshotAsync(string handle, CancellationToken cancellationToken);
}
