using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Decisions.Expansion;
using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Pods;
using Strake.Kubernetes.Records;
using Strake.Volumes;
using Quantity = Strake.Kubernetes.Objects.Quantity;

namespace Strake.Kubernetes.Storage;

/// <summary>
/// The storage behind claims: a volume of the engine for each, so that Docker's users see it too. Made by the built-in driver <c>strake.csi</c>, by CSI drivers of
/// others, or by Docker's volume plugins.
/// </summary>
/// <remarks>
/// The order of what is written down is that of a claim's life: its name among the volumes; the volume; that the claim holds it. Each is found again after a crash
/// by the name of the claim's PersistentVolume, and taken back in the reverse order.
/// </remarks>
/// <example>
/// <code>
/// var storage = new ClaimStorage(new StorageOptions(volumes, state, objects, served, "/var/lib/strake/kube/secrets"));
/// MadeStorage made = await storage.MakeAsync(ProvisionPlan.Of(claim, itsClass), ct);
/// </code>
/// </example>
public sealed class ClaimStorage : IVolumeMaker, IVolumeGrower, ISnapshotTaker
{
    readonly StorageOptions options;
    readonly StorageBook book;
    readonly ClaimSources sources;
    readonly BuiltInStorage builtIn;
    readonly EngineStorage engine;
    readonly SecretFiles secrets;
    readonly Lock gate = new();
    string[] drivers = [];
    ProvisionerSet provisioners = ProvisionerSet.BuiltIn;

    /// <summary>The storage; nothing is done before the first call.</summary>
    /// <param name="options">What it is made of.</param>
    public ClaimStorage(StorageOptions options)
    {
        this.options = options;
        book = new StorageBook(options.State, options.Volumes, options.Served);
        sources = new ClaimSources(options.Objects, book);
        builtIn = new BuiltInStorage(options.Served);
        secrets = new SecretFiles(options.Objects, options.SecretFolder);
        engine = new EngineStorage(options.Volumes, options.Csi, secrets);
        var places = new StoragePlaces(options.Volumes, book, secrets, options.Csi);
        Inline = new InlineVolumes(options.Csi);
        Mounts = new ClaimMounts(options.Volumes, places);
        Holds = new ClaimHolds(options.Volumes, book, places);
    }

    /// <summary>How pods get it.</summary>
    public IClaimMounts Mounts { get; }

    /// <summary>How pods get volumes of their own.</summary>
    public IInlineVolumes Inline { get; }

    /// <summary>Who keeps what claims have from being removed.</summary>
    internal ClaimHolds Holds { get; }

    /// <inheritdoc/>
    public ProvisionerSet Provisioners
    {
        get
        {
            string[] now = [.. options.Csi?.All.Select(static driver => driver.Name) ?? []];
            lock (gate)
            {
                if (!drivers.SequenceEqual(now)) (drivers, provisioners) = (now, ProvisionerSet.With(now));
                return provisioners;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<MadeStorage> MakeAsync(ProvisionPlan plan, CancellationToken cancellationToken)
    {
        IStorageDriver driver = DriverOf(plan.By.Name);
        var claim = ClaimReference.To(plan.Claim);
        bool isPlugin = plan.By is Provisioner.DockerPlugin;
        StorageRecord place = await book.ReserveAsync(plan.Name, claim, plan.By.Name, isShared: isPlugin, isBorrowed: false, cancellationToken);
        FaultPoint.Reach("claim.volume.reserved");
        StorageOrder order = await sources.OrderAsync(plan, place.Volume, cancellationToken);
        MadeStorage made = await driver.MakeAsync(order, cancellationToken);
        FaultPoint.Reach("claim.volume.made");
        if (order.Files is { } files)
        {
            await (options.Filler ?? throw StrakeException.NotSupported("nobody here fills volumes from images")).FillAsync(place.Volume, files, cancellationToken);
            FaultPoint.Reach("claim.volume.filled");
        }

        await Holds.HoldAsync(place.Volume, claim, plan.Claim.AccessModes);
        FaultPoint.Reach("claim.volume.held");
        return isPlugin ? made with { Handle = place.Volume } : made;
    }

    /// <inheritdoc/>
    public async Task DiscardAsync(Claim claim, string name, CancellationToken cancellationToken)
    {
        if (await book.FindAsync(name, cancellationToken) is { } place) await RemoveAsync(name, place, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(PersistentVolume volume, CancellationToken cancellationToken)
    {
        StorageRecord? place = await book.FindAsync(volume.Name, cancellationToken);
        if (volume.Source.Type is "hostPath")
            HostPaths.Delete(volume.Source.Handle);
        else if (place is { IsBorrowed: false })
            await RemoveAsync(volume.Name, place, cancellationToken);
        else if (volume.Provisioner is not null && DriverNameOf(volume) is { } driver)
            await RemoveUnrecordedAsync(volume, driver, cancellationToken);
        else
            throw StrakeException.NotSupported($"error getting deleter volume plugin for volume \"{volume.Name}\": no deletable volume plugin matched");
    }

    /// <inheritdoc/>
    public async Task RecycleAsync(PersistentVolume volume, CancellationToken cancellationToken)
    {
        switch (volume.Source.Type)
        {
            case "hostPath":
                HostPaths.Scrub(volume.Source.Handle);
                break;
            case "nfs":
                await ScrubAsync(volume, cancellationToken);
                break;
            default:
                throw StrakeException.NotSupported("no recyclable volume plugin matched");
        }
    }

    /// <inheritdoc/>
    public bool CanGrow(PersistentVolume volume) => DriverNameOf(volume) is { } driver && (IsPlugin(driver) || Provisioners.Has(driver));

    /// <inheritdoc/>
    public async Task<GrownVolume> GrowAsync(PersistentVolume volume, Quantity size, CancellationToken cancellationToken)
    {
        (IStorageDriver driver, string name) = await FindAsync(volume, cancellationToken);
        return await driver.GrowAsync(name, size, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ModifyAsync(PersistentVolume volume, TextMap parameters, CancellationToken cancellationToken)
    {
        (IStorageDriver driver, string name) = await FindAsync(volume, cancellationToken);
        await driver.ModifyAsync(name, parameters, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<TakenSnapshot> TakeAsync(SnapshotContent content, string name, CancellationToken cancellationToken)
    {
        IStorageDriver driver = DriverOf(content.Driver);
        if (content.VolumeHandle.Length == 0) return await driver.GetSnapshotAsync(content.Handle, cancellationToken);
        string volume = await VolumeOfAsync(content, cancellationToken);
        if (content.Driver != ProvisionerSet.OwnDriver && await SecretOfAsync(content, cancellationToken) is { } secret)
            await secrets.AddSnapshotterAsync(volume, secret, cancellationToken);
        return await driver.TakeSnapshotAsync(name, volume, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(SnapshotContent content, string name, CancellationToken cancellationToken)
    {
        IStorageDriver driver = DriverOf(content.Driver);
        string handle = content.Handle.Length > 0 ? content.Handle
            : content.Driver == ProvisionerSet.OwnDriver ? name
            : $"{await VolumeOfAsync(content, cancellationToken)}@{name}";
        await driver.RemoveSnapshotAsync(handle, cancellationToken);
    }

    async Task RemoveAsync(string persistentVolume, StorageRecord place, CancellationToken cancellationToken)
    {
        await Holds.LetGoAsync(place.Volume, cancellationToken);
        FaultPoint.Reach("claim.volume.released");
        await DriverOf(place.Driver).RemoveAsync(place.Volume, cancellationToken);
        FaultPoint.Reach("claim.volume.removed");
        await book.ForgetAsync(persistentVolume, CancellationToken.None);
        FaultPoint.Reach("claim.volume.forgotten");
    }

    // Observed: removed before a crash; or made elsewhere, and offered here as if it had been made here.
    async Task RemoveUnrecordedAsync(PersistentVolume volume, string driver, CancellationToken cancellationToken)
    {
        if (driver != ProvisionerSet.OwnDriver) return;
        string handle = volume.Csi!.Handle;
        if (await options.Volumes.FindAsync(handle, cancellationToken) is not null) await Holds.LetGoAsync(handle, cancellationToken);
        await builtIn.RemoveAsync(handle, cancellationToken);
    }

    async Task ScrubAsync(PersistentVolume volume, CancellationToken cancellationToken)
    {
        var use = new Pods.VolumeUse($"recycler-{volume.Metadata.Uid}", new ObjectKey("", $"recycler-for-{volume.Name}"));
        ClaimMount mount = await Mounts.MountAsync(volume, use, cancellationToken);
        try
        {
            HostPaths.Scrub(mount.Path);
        }
        finally
        {
            await Mounts.ReleaseAsync(volume, use, CancellationToken.None);
        }
    }

    async Task<(IStorageDriver Driver, string Name)> FindAsync(PersistentVolume volume, CancellationToken cancellationToken)
    {
        if (DriverNameOf(volume) is not { } driver) throw StrakeException.NotSupported($"volume {volume.Name}: nobody changes a volume of type {volume.Source.Type}");
        string name = await book.FindAsync(volume.Name, cancellationToken) is { } place ? place.Volume
            : driver == ProvisionerSet.OwnDriver ? volume.Csi!.Handle
            : IsPlugin(driver) ? volume.Source.Handle
            : throw StrakeException.NotFound($"volume {volume.Name} was not made here, and {driver} is not told of it; use it in a pod once");
        return (DriverOf(driver), name);
    }

    async Task<string> VolumeOfAsync(SnapshotContent content, CancellationToken cancellationToken)
    {
        if (content.Driver == ProvisionerSet.OwnDriver) return content.VolumeHandle;
        foreach ((string _, StorageRecord record) in await book.ListAsync(cancellationToken))
        {
            if (record.Driver == content.Driver && options.Csi?.Find(record.Driver)?.Find(VolumeName.Parse(record.Volume))?.Id == content.VolumeHandle)
                return record.Volume;
        }

        throw StrakeException.NotFound($"no volume here is {content.VolumeHandle} of the driver {content.Driver}");
    }

    async Task<SecretReference?> SecretOfAsync(SnapshotContent content, CancellationToken cancellationToken) =>
        content.ClassName.Length > 0 && await options.Objects.FindAsync(new ObjectId(ObjectId.SnapshotClasses, new ObjectKey("", content.ClassName)), cancellationToken) is { } found
            ? SecretTemplate.OfSnapshotter(SnapshotClass.Read(found.Document).Parameters, content)
            : null;

    static string? DriverNameOf(PersistentVolume volume) =>
        volume.Csi?.Driver ?? (volume.Source.Type is ProvisionedVolume.PluginSource && IsPlugin(volume.Source.Driver) ? volume.Source.Driver : null);

    static bool IsPlugin(string driver) => Provisioner.Of(driver) is Provisioner.DockerPlugin;

    IStorageDriver DriverOf(string driver) => driver is ProvisionerSet.OwnDriver ? builtIn : engine;
}
