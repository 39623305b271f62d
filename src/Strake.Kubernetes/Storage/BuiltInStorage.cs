using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Decisions.Expansion;
using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;
using Strake.Volumes;
using Quantity = Strake.Kubernetes.Objects.Quantity;

namespace Strake.Kubernetes.Storage;

/// <summary>The driver <c>strake.csi</c>, called without its socket. Its volumes' handles are their names.</summary>
/// <param name="served">The driver's storage.</param>
sealed class BuiltInStorage(ServedStorage served) : IStorageDriver
{
    public async Task<MadeStorage> MakeAsync(StorageOrder order, CancellationToken cancellationToken)
    {
        ProvisionPlan plan = order.Plan;
        long bytes = await served.MakeAsync(
            new ServedOrder(order.Volume, plan.Size.ToInt64())
            {
                IsBlock = plan.Claim.VolumeMode is VolumeMode.Block,
                FsType = plan.FsType,
                MountFlags = plan.Claim.VolumeMode is VolumeMode.Block ? [] : plan.Class.MountOptions,
                Parameters = plan.Parameters,
                MutableParameters = order.MutableParameters,
                Snapshot = order.Snapshot,
                Original = order.Original,
            },
            cancellationToken);
        return new MadeStorage(order.Volume, SizeOf(bytes));
    }

    public Task RemoveAsync(string volume, CancellationToken cancellationToken) => served.RemoveAsync(volume, cancellationToken);

    public async Task<GrownVolume> GrowAsync(string volume, Quantity size, CancellationToken cancellationToken) =>
        new(SizeOf(await served.GrowAsync(volume, size.ToInt64(), cancellationToken)), NodeFollows: false);

    public Task ModifyAsync(string volume, TextMap parameters, CancellationToken cancellationToken) => served.ModifyAsync(volume, parameters, cancellationToken);

    public async Task<TakenSnapshot> TakeSnapshotAsync(string name, string volume, CancellationToken cancellationToken) =>
        ViewOf(await served.SnapshotAsync(name, volume, cancellationToken));

    public async Task<TakenSnapshot> GetSnapshotAsync(string handle, CancellationToken cancellationToken) =>
        ViewOf(await served.GetSnapshotAsync(handle, cancellationToken));

    public Task RemoveSnapshotAsync(string handle, CancellationToken cancellationToken) => served.RemoveSnapshotAsync(handle, cancellationToken);

    static TakenSnapshot ViewOf(ServedSnapshot snapshot) => new(snapshot.Id, SizeOf(snapshot.SizeBytes), snapshot.CreatedAt);

    static Quantity SizeOf(long bytes) => Quantity.Of(bytes);
}
