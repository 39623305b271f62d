using System.Globalization;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Decisions.Access;
using Strake.Kubernetes.Decisions.Expansion;
using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;
using Strake.Volumes;
using CsiAccess = Strake.Kubernetes.Decisions.Access.CsiAccess;
using Quantity = Strake.Kubernetes.Objects.Quantity;
using VolumeSnapshot = Strake.Volumes.VolumeSnapshot;

namespace Strake.Kubernetes.Storage;

/// <summary>
/// Drivers that are programs of others, through the engine's volumes: CSI drivers under the names that they give themselves, and Docker's volume plugins. A snapshot's
/// handle is <c>volume@snapshot</c>.
/// </summary>
/// <param name="volumes">The engine's volumes.</param>
/// <param name="csi">The CSI drivers; null: none.</param>
/// <param name="secrets">Where drivers find what their calls need to know.</param>
sealed class EngineStorage(VolumeStore volumes, CsiDrivers? csi, SecretFiles secrets) : IStorageDriver
{
    const string SizeToken = "${pvc.size}";

    public async Task<MadeStorage> MakeAsync(StorageOrder order, CancellationToken cancellationToken)
    {
        ProvisionPlan plan = order.Plan;
        if (plan.By is Provisioner.DockerPlugin) RequireEmpty(order);
        string driver = plan.By is Provisioner.DockerPlugin plugin ? plugin.Plugin : plan.By.Name;
        if ((order.Original ?? order.Snapshot) is not null && await volumes.FindAsync(order.Volume, cancellationToken) is null)
            await CopyAsync(order, driver, cancellationToken);
        else if (await volumes.FindAsync(order.Volume, cancellationToken) is null)
            await volumes.CreateAsync(
                new VolumeRequest(order.Volume) { Driver = driver, DriverOptions = await OptionsOfAsync(order, cancellationToken), Labels = order.Labels },
                cancellationToken);
        if (await GrownAsync(order, cancellationToken) is not { } known) return new MadeStorage(order.Volume, Quantity.Zero);
        return new MadeStorage(known.Id ?? order.Volume, Quantity.Of(known.CapacityBytes)) { Attributes = TextMap.Of(known.Context) };
    }

    public async Task RemoveAsync(string volume, CancellationToken cancellationToken)
    {
        if (KnownOf(volume)?.Snapshots is { Count: > 0 } copies)
            throw StrakeException.InUse($"volume {volume} has snapshots - [{string.Join(", ", copies.Select(static copy => copy.Name))}], which would be gone with it; it goes after them");
        try
        {
            // Without force: who insists is rid of the name, and the storage would be nobody's.
            await volumes.RemoveAsync(volume, force: false, cancellationToken);
        }
        catch (StrakeException gone) when (gone.Kind is ErrorKind.NotFound)
        {
            // Observed: removed before, perhaps by a call that was killed then.
            cancellationToken.ThrowIfCancellationRequested();
        }

        secrets.Remove(volume);
    }

    public async Task<GrownVolume> GrowAsync(string volume, Quantity size, CancellationToken cancellationToken)
    {
        await volumes.ResizeAsync(volume, BytesOf(size), cancellationToken);
        return KnownOf(volume) is { } known ? new GrownVolume(Quantity.Of(known.CapacityBytes), known.NeedsNodeExpansion) : new GrownVolume(size, NodeFollows: false);
    }

    public Task ModifyAsync(string volume, TextMap parameters, CancellationToken cancellationToken) => volumes.ModifyAsync(volume, parameters, cancellationToken);

    public async Task<TakenSnapshot> TakeSnapshotAsync(string name, string volume, CancellationToken cancellationToken)
    {
        VolumeSnapshot? taken = (await volumes.Copies.ListAsync(volume, cancellationToken)).FirstOrDefault(item => item.Name.ToString() == name)
            ?? await volumes.Copies.SnapshotAsync(volume, name, new HashSet<string>(), cancellationToken);
        return ViewOf(volume, taken);
    }

    public async Task<TakenSnapshot> GetSnapshotAsync(string handle, CancellationToken cancellationToken)
    {
        (string volume, string name) = Split(handle);
        return (await volumes.Copies.ListAsync(volume, cancellationToken)).FirstOrDefault(item => item.Name.ToString() == name) is { } found
            ? ViewOf(volume, found)
            : throw StrakeException.NotFound($"there is no snapshot {handle}");
    }

    public async Task RemoveSnapshotAsync(string handle, CancellationToken cancellationToken)
    {
        (string volume, string name) = Split(handle);
        try
        {
            await volumes.Copies.RemoveAsync(volume, name, cancellationToken);
        }
        catch (StrakeException gone) when (gone.Kind is ErrorKind.NotFound)
        {
            // Observed: never taken, or gone with its volume, or removed by a call that was killed then.
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    static void RequireEmpty(StorageOrder order)
    {
        if ((order.Original ?? order.Snapshot) is not null)
            throw StrakeException.NotSupported($"{order.Plan.By.Name} makes no volumes of snapshots or of other claims: Docker's volume plugins have no such call");
        if (order.Plan.Claim.VolumeMode is VolumeMode.Block)
            throw StrakeException.NotSupported($"{order.Plan.By.Name} makes no block devices: Docker's volume plugins have directories");
    }

    async Task CopyAsync(StorageOrder order, string driver, CancellationToken cancellationToken)
    {
        (string volume, string? snapshot) = order.Snapshot is { } handle ? Split(handle) : (order.Original!, null);
        Dictionary<string, string> options = await OptionsOfAsync(order, cancellationToken);
        // As large as its original first: not every driver makes the file system of a copy larger with it.
        if (KnownOf(volume)?.Options.GetValueOrDefault("size") is { } size) options["size"] = size;
        var clone = new VolumeCloneRequest(volume, snapshot, order.Volume) { Labels = order.Labels, Driver = driver, Options = options };
        await volumes.Copies.CloneAsync(clone, new HashSet<string>(), cancellationToken);
    }

    // A copy is as large as its original.
    async Task<CsiVolume?> GrownAsync(StorageOrder order, CancellationToken cancellationToken)
    {
        if (KnownOf(order.Volume) is { CapacityBytes: > 0 } small && small.CapacityBytes < order.Plan.Size.ToInt64())
            await volumes.ResizeAsync(order.Volume, BytesOf(order.Plan.Size), cancellationToken);
        return KnownOf(order.Volume);
    }

    async Task<Dictionary<string, string>> OptionsOfAsync(StorageOrder order, CancellationToken cancellationToken)
    {
        ProvisionPlan plan = order.Plan;
        if (plan.By is Provisioner.DockerPlugin)
            return plan.Parameters.ToDictionary(static entry => entry.Key, entry => entry.Value.Replace(SizeToken, BytesOf(plan.Size), StringComparison.Ordinal), StringComparer.Ordinal);
        var options = plan.Parameters.ToDictionary(static entry => $"parameter.{entry.Key}", static entry => entry.Value, StringComparer.Ordinal);
        foreach ((string name, string value) in order.MutableParameters) options[$"mutable.{name}"] = value;
        options["size"] = BytesOf(plan.Size);
        options["access"] = AccessOf(plan.Claim.AccessModes);
        if (plan.Claim.VolumeMode is VolumeMode.Block) options["mode"] = "block";
        else if (plan.FsType.Length > 0) options["fstype"] = plan.FsType;
        if (plan.Class.MountOptions.Count > 0 && plan.Claim.VolumeMode is VolumeMode.Filesystem) options["mount-flags"] = string.Join(',', plan.Class.MountOptions);
        (string, SecretReference?)[] all =
        [
            ("provisioner", plan.Secret), ("controller-publish", plan.ControllerPublishSecret), ("node-stage", plan.NodeStageSecret),
            ("node-publish", plan.NodePublishSecret), ("controller-expand", plan.ControllerExpandSecret), ("node-expand", plan.NodeExpandSecret),
        ];
        if (await secrets.WriteAsync(order.Volume, all, cancellationToken) is { } file) options["secrets"] = file;
        return options;
    }

    // The rules for modes together are Kubernetes'; the engine's driver takes one.
    static string AccessOf(AccessModes modes) => CsiAccess.Of(modes, knowsSingleNodeModes: true) switch
    {
        CsiAccessMode.MultiNodeMultiWriter => "RWX",
        CsiAccessMode.MultiNodeReaderOnly => "ROX",
        CsiAccessMode.SingleNodeSingleWriter => "RWOP",
        _ => "RWO",
    };

    CsiVolume? KnownOf(string volume) => csi?.All.Select(driver => driver.Find(VolumeName.Parse(volume))).FirstOrDefault(static found => found is not null);

    static TakenSnapshot ViewOf(string volume, VolumeSnapshot snapshot) =>
        new($"{volume}@{snapshot.Name}", RestoreSize: null, snapshot.CreatedAt);

    static (string Volume, string Snapshot) Split(string handle) => handle.Split('@', 2) is [var volume, var name]
        ? (volume, name)
        : throw StrakeException.Invalid($"\"{handle}\" is not the handle of a snapshot: <volume>@<snapshot> is");

    static string BytesOf(Quantity size) => size.ToInt64().ToString(CultureInfo.InvariantCulture);
}
