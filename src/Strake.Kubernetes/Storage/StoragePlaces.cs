using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Decisions.Provisioning.InTree;
using Strake.Kubernetes.Records;
using Strake.Volumes;
using CsiSource = Strake.Kubernetes.Records.CsiSource;

namespace Strake.Kubernetes.Storage;

/// <summary>
/// Where a PersistentVolume's storage is among the engine's volumes. Storage that an operator offers, and that has no volume here, is borrowed: it gets one for as long
/// as it is bound, which goes without touching the content.
/// </summary>
/// <param name="volumes">The engine's volumes.</param>
/// <param name="book">Which of them are whose.</param>
/// <param name="secrets">Where drivers find what their calls need to know.</param>
/// <param name="drivers">The CSI drivers; null: none.</param>
sealed class StoragePlaces(VolumeStore volumes, StorageBook book, SecretFiles secrets, CsiDrivers? drivers)
{
    const string Local = "local";

    /// <summary>The engine's volume that a PersistentVolume names by itself; null: it names none.</summary>
    public static string? NameIn(PersistentVolume volume) => volume switch
    {
        { Csi: { Driver: ProvisionerSet.OwnDriver } csi } => csi.Handle,
        { Source: { Type: ProvisionedVolume.PluginSource } source } when Provisioner.Of(source.Driver) is Provisioner.DockerPlugin => source.Handle,
        _ => null,
    };

    /// <summary>The engine's volume that has a PersistentVolume's storage; null: there is none (any more).</summary>
    public async ValueTask<string?> FindAsync(PersistentVolume volume, CancellationToken cancellationToken) =>
        (await book.FindAsync(volume.Name, cancellationToken))?.Volume ?? NameIn(volume);

    /// <summary>The same; what is not here yet is borrowed.</summary>
    /// <exception cref="StrakeException">NotSupported: no driver for such storage. Others: it cannot be had.</exception>
    public async Task<string> GetAsync(PersistentVolume volume, CancellationToken cancellationToken)
    {
        if (NameIn(volume) is { } named) return named;
        string driver = DriverOf(volume);
        if (InTreeDrivers.SourceOf(driver) is { } source && drivers?.Find(driver) is null)
            throw StrakeException.NotFound($"driver name {driver} not found in the list of registered CSI drivers; it serves {source}: install it");
        StorageRecord record = await book.ReserveAsync(volume.Name, volume.ClaimReference, driver, isShared: false, isBorrowed: true, cancellationToken);
        FaultPoint.Reach("claim.borrowed.reserved");
        if (record.IsBorrowed && await volumes.FindAsync(record.Volume, cancellationToken) is null)
        {
            Dictionary<string, string> options = OptionsOf(volume);
            if (volume.Csi is { } csi && await secrets.WriteAsync(record.Volume, SecretsOf(csi), cancellationToken) is { } file) options["secrets"] = file;
            await volumes.CreateAsync(new VolumeRequest(record.Volume) { Driver = driver, DriverOptions = options, Labels = LabelsOf(volume) }, cancellationToken);
        }

        return record.Volume;
    }

    /// <summary>Gives borrowed storage back; its content stays.</summary>
    /// <exception cref="StrakeException">InUse: somebody has it mounted still.</exception>
    public async Task ReturnAsync(string persistentVolume, StorageRecord record, CancellationToken cancellationToken)
    {
        foreach (VolumeUse use in await volumes.Uses.OfAsync(record.Volume, cancellationToken))
            if (ClusterHolder.IsClaim(use.Attachment.Holder)) await volumes.Uses.DetachAsync(record.Volume, use.Attachment.Holder, cancellationToken);
        if (await volumes.FindAsync(record.Volume, cancellationToken) is not null) await volumes.RemoveAsync(record.Volume, force: true, cancellationToken);
        secrets.Remove(record.Volume);
        await book.ForgetAsync(persistentVolume, cancellationToken);
    }

    /// <summary>Gives borrowed storage back that nobody has any more.</summary>
    public async Task ReturnUnusedAsync(string persistentVolume, CancellationToken cancellationToken)
    {
        if (await book.FindAsync(persistentVolume, cancellationToken) is not { IsBorrowed: true } record) return;
        if ((await volumes.Uses.OfAsync(record.Volume, cancellationToken)).Count > 0) return;
        try
        {
            await ReturnAsync(persistentVolume, record, cancellationToken);
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.InUse)
        {
            // Somebody has come meanwhile, and gives it back.
        }
    }

    static (string Call, SecretReference? Secret)[] SecretsOf(CsiSource csi) =>
    [
        ("controller-publish", csi.ControllerPublishSecret), ("node-stage", csi.NodeStageSecret), ("node-publish", csi.NodePublishSecret),
        ("controller-expand", csi.ControllerExpandSecret), ("node-expand", csi.NodeExpandSecret),
    ];

    static string DriverOf(PersistentVolume volume) => volume switch
    {
        { Csi: { } csi } => csi.Driver,
        { Source.Type: "nfs" or "local" } => Local,
        { Source: { Type: ProvisionedVolume.PluginSource } source } =>
            throw StrakeException.NotSupported($"volume {volume.Name}: FlexVolume driver {source.Driver} is not supported; a CSI driver or a Docker volume plugin is"),
        _ => throw StrakeException.NotSupported($"volume {volume.Name}: no volume plugin matched for {(volume.Source.Type.Length > 0 ? volume.Source.Type : "a volume without a source")}"),
    };

    static Dictionary<string, string> OptionsOf(PersistentVolume volume) => volume switch
    {
        { Csi: { } csi } => CsiOptionsOf(volume, csi),
        { Source: { Type: "nfs" } nfs } => new(StringComparer.Ordinal)
        {
            ["type"] = "nfs",
            ["device"] = $":{nfs.Handle}",
            ["o"] = string.Join(',', [$"addr={nfs.Server}", .. nfs.ReadOnly ? ["ro"] : Array.Empty<string>(), .. volume.MountOptions]),
        },
        _ => new(StringComparer.Ordinal) { ["type"] = volume.Source.FsType, ["device"] = volume.Source.Handle },
    };

    static Dictionary<string, string> CsiOptionsOf(PersistentVolume volume, CsiSource csi)
    {
        var options = csi.Attributes.ToDictionary(static entry => $"context.{entry.Key}", static entry => entry.Value, StringComparer.Ordinal);
        options["volume-id"] = csi.Handle;
        options["access"] = volume.AccessModes switch
        {
            _ when volume.AccessModes.Include(AccessModes.ReadWriteMany) => "RWX",
            _ when volume.AccessModes.Include(AccessModes.ReadWriteOncePod) => "RWOP",
            AccessModes.ReadOnlyMany => "ROX",
            _ => "RWO",
        };
        if (volume.VolumeMode is VolumeMode.Block) options["mode"] = "block";
        else if (csi.FsType.Length > 0) options["fstype"] = csi.FsType;
        if (volume is { MountOptions.Count: > 0, VolumeMode: VolumeMode.Filesystem }) options["mount-flags"] = string.Join(',', volume.MountOptions);
        if (!volume.Capacity.IsZero) options["size"] = volume.Capacity.ToInt64().ToString(System.Globalization.CultureInfo.InvariantCulture);
        return options;
    }

    static TextMap LabelsOf(PersistentVolume volume) => TextMap.Of(
        ("csi.storage.k8s.io/pv/name", volume.Name),
        ("csi.storage.k8s.io/pvc/name", volume.ClaimReference?.Name ?? ""),
        ("csi.storage.k8s.io/pvc/namespace", volume.ClaimReference?.Namespace ?? ""));
}
