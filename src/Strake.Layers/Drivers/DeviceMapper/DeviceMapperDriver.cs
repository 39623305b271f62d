using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>
/// Keeps each layer on a thin device with a file system of its own, which begins as a snapshot of its parent's: blocks are shared by the pool.
/// </summary>
/// <remarks>
/// <code>
/// &lt;data-root&gt;/devicemapper/    0700
///   pool/                     see <see cref="LoopPool"/>; not there where a pool was given
///   thinpooldev               the pool's name, where one was given
///   word                      a part of the names of its devices
///   base/                     see <see cref="BaseDevice"/>
///   &lt;id&gt;/                     0700
///     thin                    "&lt;number&gt; &lt;sectors&gt;": which device of the pool the layer is; there before the device
///     device                  a node of it, while it is active
///     mnt/ at/                where it is mounted: <see cref="OwnFileSystems"/>
///   &lt;id&gt;-removing/
///
/// in the file system of a layer:
///   tree/                     the whole tree
///   filler                    takes what a size limit leaves over: blocks that are promised to a file and never written, so the pool gives none
/// </code>
/// </remarks>
public sealed class DeviceMapperDriver : IStorageDriver, ILayerActivation, IDisposable
{
    internal const string Root = "tree";

    readonly LayerFolders folders;
    readonly OwnFileSystems layers;
    readonly DeviceMapperOptions options;
    ThinPool? openPool;
    ThinDevices? openDevices;
    BaseDevice? openBase;
    bool pooledOnLoop;

    /// <summary>A driver that keeps its layers in a thin pool, and what it must know of them below a data root.</summary>
    /// <param name="dataRoot">An absolute path; exists when <see cref="Probe"/> is called.</param>
    /// <param name="options">The pool and the rest.</param>
    public DeviceMapperDriver(string dataRoot, DeviceMapperOptions? options = null)
    {
        folders = new(dataRoot, Name);
        this.options = options ?? new();
        layers = new(folders, (id, place) => Base.FileSystem.Mount(Devices.NodeOf(id.ToString()), place), Activate, Root);
    }

    /// <inheritdoc/>
    public string Name => "devicemapper";

    /// <inheritdoc/>
    public StorageDriverTraits Traits { get; } = new(WritesWithoutParents: false, SizeLimit: true, OwnFileSystems: true);

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, string>> Status => openPool is null || openBase is null ? [] : Describe(openPool, openBase);

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => pooledOnLoop
        ? [$"devicemapper keeps layers in a thin pool on loop files ({Path.Combine(folders.Home, "pool")}): slow, and for trying out alone; name a pool with dm.thinpooldev"]
        : [];

    ThinPool Pool => openPool ?? throw NotProbed();

    ThinDevices Devices => openDevices ?? throw NotProbed();

    BaseDevice Base => openBase ?? throw NotProbed();

    /// <inheritdoc/>
    /// <remarks>The first one makes a file system, which all layers are copies of.</remarks>
    public void Probe()
    {
        if (!DeviceMapper.IsAvailable)
            throw StrakeException.Unavailable("devicemapper: this kernel has no device-mapper, or we may not use it: load the module dm-thin-pool, or choose another storage driver");

        StorageFailure.Translate($"devicemapper: prepare {folders.Home}", () =>
        {
            folders.Prepare();
            try
            {
                OpenPool();
            }
            catch (LinuxException e) when (e.Errno is Errno.EINVAL or Errno.ENOENT or Errno.ENXIO or Errno.EACCES or Errno.EPERM)
            {
                throw StrakeException.Unavailable($"devicemapper: no thin pool can be used in {folders.Home}: {e.Message}; choose another storage driver", e);
            }
        });
    }

    /// <inheritdoc/>
    public void Create(LayerId id, IReadOnlyList<LayerId> parents)
    {
        StorageFailure.Translate($"devicemapper: create layer {id}", () =>
        {
            folders.Make(id);
            layers.Make(id);
            FaultPoint.Reach("devicemapper.create.folder-made");
            var origin = parents.Count == 0 ? BaseDevice.Name : parents[0].ToString();
            var from = parents.Count == 0 ? Base.Thin : Recorded(parents[0]);
            if (ThinDevice.TryRead(folders[id]) is { } recorded) TakeSnapshot(recorded, origin, from);
            else Allocate(id, origin, from);
            FaultPoint.Reach("devicemapper.create.made");
        });
    }

    /// <inheritdoc/>
    public void Rebase(LayerId id, IReadOnlyList<LayerId> parents) =>
        throw new InvalidOperationException("devicemapper writes no layer without its parents");

    /// <inheritdoc/>
    /// <remarks>A layer that may have more than its file system has room for gets a larger one.</remarks>
    public void LimitSize(LayerId id, long limitBytes)
    {
        StorageFailure.Translate($"devicemapper: limit layer {id} to {limitBytes} bytes", () =>
        {
            layers.Open(id);
            using var root = Syscall.Open(layers.Place(id), OpenFlags.Directory);
            Syscall.TryUnlinkAt(root, "filler");
            // Not what is free: ext4 keeps some of that for its own records.
            var room = Syscall.StatFs(root).AvailableBytes;
            if (room < limitBytes) Grow(id, limitBytes - room);
            room = Syscall.StatFs(root).AvailableBytes;
            if (room > limitBytes)
            {
                using var filler = Syscall.OpenAt(root, "filler", OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, Permissions.Octal0600);
                Syscall.Fallocate(filler, AllocateMode.Allocate, 0, room - limitBytes);
            }

            FaultPoint.Reach("devicemapper.limit.set");
            Syscall.SyncFs(root);
        });
    }

    /// <inheritdoc/>
    public IDisposable Activate(LayerId id)
    {
        IDisposable? active = null;
        StorageFailure.Translate($"devicemapper: activate layer {id}", () => active = Devices.Activate(id.ToString()));
        return active!;
    }

    /// <inheritdoc/>
    /// <remarks>A layer is mounted when it is asked for first.</remarks>
    public LayerContent Content(LayerId id)
    {
        StorageFailure.Translate($"devicemapper: look at layer {id}", () => layers.Open(id));
        return new(layers.Tree(id), WhiteoutForm.Absent);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Mount> Mounts(LayerId id, IReadOnlyList<LayerId> parents, LayerAccess access, string target) => layers.Show(id, access, target);

    /// <inheritdoc/>
    public void Seal(IReadOnlyList<LayerId> ids)
    {
        if (ids.Count == 0) return;
        StorageFailure.Translate($"devicemapper: write {ids.Count} layers to disk", () =>
        {
            foreach (var id in ids) layers.Close(id);
            folders.Sync();
        });
    }

    /// <inheritdoc/>
    public LayerUsage Measure(LayerId id)
    {
        var usage = new LayerUsage(0, 0);
        StorageFailure.Translate($"devicemapper: measure layer {id}", () => usage = LayerFolders.Measure(layers.Open(id)));
        return usage;
    }

    /// <inheritdoc/>
    public void Remove(LayerId id)
    {
        StorageFailure.Translate($"devicemapper: remove layer {id}", () => folders.Remove(id, removing =>
        {
            OwnFileSystems.Release(removing);
            if (ThinDevice.TryRead(removing) is not { } thin) return;
            Devices.Deactivate(id.ToString());
            if (options.Discards ?? pooledOnLoop) Discard(Path.GetFileName(removing), thin);
            FaultPoint.Reach("devicemapper.remove.discarded");
            Pool.Delete(thin.Number);
            FaultPoint.Reach("devicemapper.remove.device-gone");
        }));
    }

    /// <inheritdoc/>
    public IReadOnlyList<LayerId> List() => folders.List();

    /// <summary>Takes off what was mounted to look at layers, and a pool of our own where no container needs it.</summary>
    public void Dispose() => StorageFailure.Translate($"devicemapper: close {folders.Home}", () =>
    {
        layers.CloseAll();
        if (openPool is null) return;
        var areInactive = folders.List().Aggregate(true, (all, id) => Devices.TryDeactivate(id.ToString()) && all);
        if (pooledOnLoop && areInactive) Patience.TryUntil(() => DeviceMapper.TryRemove(openPool.Name));
        openPool = null;
    });

    void OpenPool()
    {
        var prefix = Prefix();
        var pool = GivenPlace.Resolve(folders, "thinpooldev", "dm.thinpooldev", options.ThinPool);
        pooledOnLoop = pool is null;
        openPool = pool is { } given
            ? ThinPool.Open(Path.GetFileName(given))
            : LoopPool.Open(Path.Combine(folders.Home, "pool"), prefix + "-pool", options);
        openDevices = new(folders, openPool, prefix, options.RemovesDeferred);
        // First of all: what is frozen cannot be unmounted.
        foreach (var layer in folders.List().Select(id => id.ToString()).Append(BaseDevice.Name)) openDevices.Thaw(layer);
        layers.CloseAll();
        openBase = BaseDevice.Ensure(folders.Home, openPool, openDevices, options);
    }

    // What the names of devices begin with, of this data root alone: a copy of it has another inode, and one that is made where it was another word.
    string Prefix()
    {
        var path = Path.Combine(folders.Home, "word");
        if (!LayerFolders.Exists(path))
            DurableFile.Write(path, Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(8, lowercase: true)), Permissions.Octal0600);
        var home = Syscall.StatAt(Syscall.WorkingDirectory, folders.Home, fields: StatFields.Basic);
        return string.Create(CultureInfo.InvariantCulture, $"strake-{home.Inode}-{File.ReadAllText(path)}");
    }

    void Allocate(LayerId id, string origin, ThinDevice from)
    {
        RequireRoom(id);
        while (true)
        {
            var thin = ThinDevice.New(from.Sectors);
            thin.Write(folders[id]);
            FaultPoint.Reach("devicemapper.create.recorded");
            if (TakeSnapshot(thin, origin, from)) return;
        }
    }

    // With a name of its own for the origin, whose writers wait while its blocks become shared ones.
    bool TakeSnapshot(ThinDevice thin, string origin, ThinDevice from)
    {
        var taken = false;
        Devices.WhileFrozen(origin, () => taken = Pool.TrySnapshot(thin.Number, from.Number));
        return taken;
    }

    void RequireRoom(LayerId id)
    {
        var free = Pool.Status().FreePercent;
        if (free >= options.MinFreePercent) return;
        throw StrakeException.Exhausted(
            $"devicemapper: create layer {id}: {free} % of the thin pool {Pool.Name} are free, and dm.min_free_space asks for {options.MinFreePercent} %; "
            + "free some, for instance with an image prune, or enlarge the pool");
    }

    void Grow(LayerId id, long bytes)
    {
        var thin = Recorded(id);
        var blocks = ((bytes + (bytes / 16)) / Pool.BlockBytes) + 1;
        (thin with { Sectors = thin.Sectors + (blocks * Pool.BlockBytes / DeviceTarget.SectorSize) }).Write(folders[id]);
        FaultPoint.Reach("devicemapper.limit.grown");
        Devices.Resize(id.ToString());
        Base.FileSystem.Grow(Devices.NodeOf(id.ToString()), layers.Place(id));
    }

    // By the folder's name of now: the node lies in it.
    void Discard(string folder, ThinDevice thin)
    {
        try
        {
            using var active = Devices.Activate(folder);
            using var device = Syscall.Open(Devices.NodeOf(folder), OpenFlags.ReadWrite);
            Syscall.BlockDiscard(device, 0, thin.Sectors * DeviceTarget.SectorSize);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENODATA or Errno.ENXIO or Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            // It is gone already, or was never made; or what the pool lies on has no use for it.
            return;
        }
        finally
        {
            Devices.Deactivate(folder);
        }
    }

    ThinDevice Recorded(LayerId id) => ThinDevice.TryRead(folders[id]) ?? throw StrakeException.DataLoss($"devicemapper: layer {id} has no record of its device");

    List<KeyValuePair<string, string>> Describe(ThinPool pool, BaseDevice @base)
    {
        var status = pool.Status();
        List<KeyValuePair<string, string>> lines =
        [
            new("Pool Name", pool.Name),
            new("Pool Blocksize", Text(pool.BlockBytes)),
            new("Base Device Size", Text(@base.Thin.Sectors * DeviceTarget.SectorSize)),
            new("Backing Filesystem", @base.FileSystem.Type),
            new("Data Space Used", Text(status.UsedData * pool.BlockBytes)),
            new("Data Space Total", Text(status.TotalData * pool.BlockBytes)),
            new("Metadata Space Used", Text(status.UsedMetadata * 4096)),
            new("Metadata Space Total", Text(status.TotalMetadata * 4096)),
            new("Thin Pool Minimum Free Space", string.Create(CultureInfo.InvariantCulture, $"{options.MinFreePercent} %")),
            new("Deferred Removal Enabled", options.RemovesDeferred ? "true" : "false"),
        ];
        if (pooledOnLoop) lines.Add(new("Data loop file", Path.Combine(folders.Home, "pool", "data")));
        return lines;
    }

    static string Text(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes} B");

    static InvalidOperationException NotProbed() => new("devicemapper was not probed");
}
