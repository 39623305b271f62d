using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>
/// Volumes of this machine: the engine's own storage, which a backend keeps within its limits, or whatever <c>mount</c> can mount by type,
/// device and options. What has to be mounted is so from the first use to the last.
/// </summary>
/// <remarks>
/// <code>
/// &lt;root&gt;/                     0701: names in it can be reached, not listed
///   &lt;name&gt;/                   a volume: see <see cref="VolumeHome"/>
///   .removing.&lt;hash&gt;/         a removal in progress
///   .making.&lt;hash&gt;/           a clone on its way
/// </code>
/// </remarks>
public sealed class LocalDriver : ICopyingVolumeDriver, IDeferringVolumeDriver
{
    const UnixFileMode Passable = Permissions.Octal0700 | UnixFileMode.OtherExecute;

    static readonly RootOwner s_nobody = new(null, null, null);

    readonly string root;
    readonly BackendChoice backends;
    readonly LocalCopies copies;
    readonly ConcurrentDictionary<VolumeName, HashSet<string>> holders = [];

    /// <summary>Volumes below a folder.</summary>
    /// <param name="root">Absolute path, such as <c>/var/lib/strake/volumes</c>; made if missing.</param>
    /// <param name="time">The clock of waits; null: the system's.</param>
    public LocalDriver(string root, TimeProvider? time = null)
    {
        this.root = root;
        TimeProvider clock = time ?? TimeProvider.System;
        backends = new BackendChoice(
            [new QuotaBackend(root), new BtrfsBackend(root), new ZfsBackend(root, clock), new ImageBackend(clock)], new DirectoryBackend(), new BlockBackend(root));
        copies = new LocalCopies(backends);
    }

    /// <inheritdoc/>
    public string Name => "local";

    /// <inheritdoc/>
    public string Scope => "local";

    /// <inheritdoc/>
    public void Validate(IReadOnlyDictionary<string, string> options)
    {
        var parsed = LocalOptions.Parse(options);
        if (parsed.Device is not null)
            return;
        if (parsed.Limits.Any || parsed.Backend != LocalOptions.Automatic)
            OpenRoot().Dispose();
        backends.For(parsed);
    }

    /// <inheritdoc/>
    public string PathOf(VolumeName name) => HomeOf(name).Content;

    /// <inheritdoc/>
    public string StagingOf(VolumeName name) => HomeOf(name).Staging;

    /// <inheritdoc/>
    public async Task CreateAsync(VolumeName name, IReadOnlyDictionary<string, string> options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            using SafeFileHandle parent = OpenRoot();
            MakeDirectory(parent, name.ToString(), Passable);
            FaultPoint.Reach("volume.local.home-made");
            await FillHomeAsync(HomeOf(name), options);
            Syscall.FSync(parent);
        }
        catch (LinuxException full) when (full.Errno is Errno.ENOSPC or Errno.EDQUOT)
        {
            throw NoSpace(name, full);
        }
    }

    /// <inheritdoc/>
    public bool CanDefer(IReadOnlyDictionary<string, string> options)
    {
        if (options.Count == 0)
            return true;
        var parsed = LocalOptions.Parse(options);
        return parsed.Device is null && backends.For(parsed).Traits.DeferringNeedsBytes is { } needed && Syscall.StatFs(root).FreeBytes >= needed;
    }

    /// <inheritdoc/>
    public void Place(VolumeName name, IReadOnlyDictionary<string, string> options)
    {
        VolumeHome home = HomeOf(name);
        try
        {
            using SafeFileHandle parent = OpenRoot();
            MakeDirectory(parent, name.ToString(), Passable);
            FaultPoint.Reach("volume.local.placing");
            using SafeFileHandle own = Syscall.OpenAt(parent, name.ToString(), OpenFlags.Directory | OpenFlags.NoFollow);
            DirectoryBackend.PlaceContent(own, home);
            // Again where it is there: it is not known whether it is all of it.
            if (options.Count > 0)
                FileOf(options).WriteUnsynced(own, home);
        }
        catch (LinuxException full) when (full.Errno is Errno.ENOSPC or Errno.EDQUOT)
        {
            throw NoSpace(name, full);
        }
    }

    /// <inheritdoc/>
    public async Task<string> MountAsync(VolumeName name, string holder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        VolumeHome home = HomeOf(name);
        await AttachAsync(home, LocalFile.Read(home));
        holders.GetOrAdd(name, static _ => []).Add(holder);
        return home.Content;
    }

    /// <inheritdoc/>
    public Task UnmountAsync(VolumeName name, string holder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (holders.TryGetValue(name, out HashSet<string>? all))
            all.Remove(holder);
        if (all is { Count: > 0 })
            return Task.CompletedTask;
        holders.TryRemove(name, out _);
        VolumeHome home = HomeOf(name);
        Detach(home, LocalFile.Read(home));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(VolumeName name, CancellationToken cancellationToken)
    {
        await TakeAwayAsync(name, cancellationToken);
        SyncRemovals();
    }

    /// <inheritdoc/>
    public void SyncRemovals()
    {
        // The caller's records go next, and may be on another file system: they must not be gone before the volumes are.
        using SafeFileHandle? parent = Syscall.TryOpen(root, OpenFlags.Directory);
        if (parent is not null)
            Syscall.FSync(parent);
    }

    /// <inheritdoc/>
    public async Task TakeAwayAsync(VolumeName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        VolumeHome home = HomeOf(name);
        if (TryTakeAwayEmpty(name, home))
            return;
        LocalFile? file = LocalFile.TryRead(home);
        RefuseMounts(name, home, isOwn: file is not null && NeedsMount(file) && !(holders.TryGetValue(name, out HashSet<string>? all) && all.Count > 0));
        Detach(home, file ?? LocalFile.Plain);
        using SafeFileHandle parent = OpenRoot();
        VolumeHome removing = VolumeHome.RemovingOf(root, name);
        await ClearAsync(removing);
        if (Directory.Exists(home.Directory))
        {
            // Under the new name nobody finds half a volume, whatever happens from here on.
            Syscall.RenameAt(parent, name.ToString(), parent, Path.GetFileName(removing.Directory));
            FaultPoint.Reach("volume.remove.renamed");
            await ClearAsync(removing);
        }

        await copies.RemoveAsync(VolumeHome.MakingOf(root, name));
    }

    /// <inheritdoc/>
    public Task<long> MeasureAsync(VolumeName name, CancellationToken cancellationToken) => Task.Run(() => Measure(name, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<long?[]> MeasureAllAsync(IReadOnlyList<VolumeName> names, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            long?[] measured = new long?[names.Count];
            // Looking into thousands of directories is the processor's work for the most part: they are in memory.
            Parallel.For(0, measured.Length, new ParallelOptions { CancellationToken = cancellationToken }, index => measured[index] = MeasureIfThere(names[index], cancellationToken));
            return measured;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<VolumeSpace?> SpaceAsync(VolumeName name, CancellationToken cancellationToken) => Task.Run(() => Space(name), cancellationToken);

    /// <inheritdoc/>
    public async Task ResizeAsync(VolumeName name, string size, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        VolumeHome home = HomeOf(name);
        LocalFile file = LocalFile.Read(home);
        if (file.Backend.Length == 0)
            throw StrakeException.NotSupported($"it is a file system of its own ({file.Options["type"]} on {file.Options["device"]}): resize that");
        LocalFile resized = file with { Options = new Dictionary<string, string>(file.Options) { ["size"] = size } };
        var parsed = LocalOptions.Parse(resized.Options);
        IVolumeBackend backend = backends.Named(file.Backend);
        if (backend.Traits.LimitsSize && backend.Refusal(parsed) is { } why)
            throw StrakeException.Invalid(why);
        await backend.ResizeAsync(home, resized, parsed.Limits);
        FaultPoint.Reach("volume.resize.done");
        resized.Write(home);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> OptionsOf(VolumeName name) => LocalFile.Read(HomeOf(name)).Options;

    /// <inheritdoc/>
    public bool? IsMounted(VolumeName name)
    {
        VolumeHome home = HomeOf(name);
        return NeedsMount(LocalFile.Read(home)) ? home.IsMounted : null;
    }

    /// <inheritdoc/>
    public Task<bool> ResumeAsync(VolumeName name, IReadOnlyCollection<string> holders, CancellationToken cancellationToken)
    {
        VolumeHome home = HomeOf(name);
        LocalFile file = LocalFile.Read(home);
        bool mounted = !NeedsMount(file) || home.IsMounted;
        // A run that was killed while it copied has left those who write to it waiting.
        if (mounted && file.Backend.Length > 0 && NeedsMount(file) && Directory.Exists(home.Content))
            FreezeScope.Thaw(home.Content);
        if (holders.Count > 0 && mounted)
            this.holders[name] = [.. holders];
        else
            Detach(home, file);
        return Task.FromResult(holders.Count > 0 && mounted);
    }

    /// <inheritdoc/>
    public Task<VolumeCopyCost> CopyCostAsync(VolumeName name, CancellationToken cancellationToken) =>
        Task.Run(() => copies.CostOf(HomeOf(name), cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public bool CopiesOneMoment(VolumeName name) => copies.AreOfOneMoment(HomeOf(name));

    /// <inheritdoc/>
    public bool TakesFiles(VolumeName name) => LocalFile.Read(HomeOf(name)).Backend != BlockBackend.BackendName;

    /// <inheritdoc/>
    public IDisposable? Freeze(VolumeName name)
    {
        VolumeHome home = HomeOf(name);
        LocalFile file = LocalFile.Read(home);
        // What is not a file system of its own shares one with the engine itself.
        return file.Backend.Length > 0 && NeedsMount(file) && home.IsMounted && Directory.Exists(home.Content) ? FreezeScope.Of(home.Content) : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<VolumeSnapshot> SnapshotsOf(VolumeName name) => LocalCopies.SnapshotsOf(HomeOf(name));

    /// <inheritdoc/>
    public Task SnapshotAsync(VolumeName name, SnapshotName snapshot, CancellationToken cancellationToken) =>
        Task.Run(() => copies.SnapshotAsync(HomeOf(name), snapshot, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task RemoveSnapshotAsync(VolumeName name, SnapshotName snapshot, CancellationToken cancellationToken) =>
        Task.Run(() => copies.RemoveSnapshotAsync(HomeOf(name), snapshot), cancellationToken);

    /// <inheritdoc/>
    public Task RollBackAsync(VolumeName name, SnapshotName snapshot, CancellationToken cancellationToken) =>
        Task.Run(() => copies.RollBackAsync(HomeOf(name), snapshot, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task CloneAsync(VolumeName source, SnapshotName? snapshot, VolumeName target, IReadOnlyDictionary<string, string>? options, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            if (options is not null)
                throw StrakeException.NotSupported($"clone {source}: a clone of the driver {Name} has the options of its original");
            VolumeHome home = HomeOf(source);
            if (!Directory.Exists(HomeOf(target).Directory))
                await copies.CloneAsync(snapshot is { } old ? home.SnapshotOf(old) : home, VolumeHome.MakingOf(root, target), HomeOf(target), cancellationToken);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task RenameAsync(VolumeName from, VolumeName to)
    {
        using SafeFileHandle parent = OpenRoot();
        if (Directory.Exists(HomeOf(from).Directory))
            Syscall.RenameAt(parent, from.ToString(), parent, to.ToString(), RenameFlags.NoReplace);
        else if (!Directory.Exists(HomeOf(to).Directory))
            throw StrakeException.DataLoss($"rename {from}: its directory {HomeOf(from).Directory} is gone; restore it, or remove the volume {to}");
        FaultPoint.Reach("volume.local.renamed");
        Syscall.FSync(parent);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task SettleAsync(VolumeName name) => copies.SettleAsync(HomeOf(name));

    /// <inheritdoc/>
    public IReadOnlyList<string> List() => Directory.Exists(root)
        ? [.. from directory in Directory.EnumerateDirectories(root)
              let name = Path.GetFileName(directory)
              where VolumeName.TryParse(name, out _)
              select name]
        : [];

    async Task FillHomeAsync(VolumeHome home, IReadOnlyDictionary<string, string> options)
    {
        LocalFile file = FindOrPlan(home, options);
        var parsed = LocalOptions.Parse(file.Options);
        if (parsed.Device is null)
            await backends.Named(file.Backend).CreateAsync(home, file, parsed.Limits);
        else
            DirectoryBackend.MakeContent(home);
        if (parsed.Root != s_nobody)
            await WithContentAsync(home, file, parsed.Root.Apply);
    }

    // A plain directory needs no file: it is what there is without one.
    LocalFile FindOrPlan(VolumeHome home, IReadOnlyDictionary<string, string> options)
    {
        if (File.Exists(home.Options))
        {
            // What was placed is not on disk yet.
            DurableFile.Sync(home.Options);
            return LocalFile.Read(home);
        }

        if (options.Count == 0)
            return LocalFile.Plain;
        LocalFile file = FileOf(options);
        file.Write(home);
        FaultPoint.Reach("volume.local.options-written");
        return file;
    }

    LocalFile FileOf(IReadOnlyDictionary<string, string> options)
    {
        var parsed = LocalOptions.Parse(options);
        IVolumeBackend? backend = parsed.Device is null ? backends.For(parsed) : null;
        var file = new LocalFile(options, backend?.Name ?? "");
        return backend?.Distinguish(file, isSnapshot: false) ?? file;
    }

    // Where many are removed one after the other, most hold nothing: two calls then, in place of a look at all of the machine's mounts and a
    // walk. A content that is not empty, or that something is mounted on, stays as it was.
    bool TryTakeAwayEmpty(VolumeName name, VolumeHome home) =>
        Directory.Exists(home.Directory) && Directory.EnumerateFileSystemEntries(home.Directory).SequenceEqual([home.Content])
        && !Directory.Exists(VolumeHome.RemovingOf(root, name).Directory) && !Directory.Exists(VolumeHome.MakingOf(root, name).Directory)
        && Syscall.TryRemoveEmpty(home.Content) && Syscall.TryRemoveEmpty(home.Directory);

    async Task WithContentAsync(VolumeHome home, LocalFile file, Action<SafeFileHandle> work)
    {
        await AttachAsync(home, file);
        try
        {
            using SafeFileHandle content = Syscall.Open(home.Content, OpenFlags.Directory | OpenFlags.NoFollow);
            work(content);
            Syscall.FSync(content);
        }
        finally
        {
            Detach(home, file);
        }
    }

    async Task AttachAsync(VolumeHome home, LocalFile file)
    {
        var parsed = LocalOptions.Parse(file.Options);
        if (parsed.Device is null)
        {
            await backends.Named(file.Backend).MountAsync(home, file, parsed.Limits);
            return;
        }

        DirectoryBackend.MakeContent(home);
        if (!home.IsMounted)
            await parsed.Device.AttachAsync(home.Content);
    }

    // Out of the tree at once, even while a container that began before still sees it: ImageBackend says why that is safe.
    // What somebody else has mounted over a plain directory is theirs.
    void Detach(VolumeHome home, LocalFile file)
    {
        while (NeedsMount(file) && home.IsMounted && Syscall.TryUnmount(home.Content, UnmountFlags.Detach | UnmountFlags.NoFollow))
            FaultPoint.Reach("volume.local.unmounting");
        if (file.Backend.Length > 0)
            backends.Named(file.Backend).Release(home);
        FaultPoint.Reach("volume.local.detached");
    }

    long Measure(VolumeName name, CancellationToken cancellationToken)
    {
        VolumeHome home = HomeOf(name);
        LocalFile file = LocalFile.Read(home);
        // What is mounted from elsewhere takes nothing here, and stays when the volume goes.
        return file.Backend.Length == 0 ? 0
            : backends.Named(file.Backend).Measure(home, file, LocalOptions.Parse(file.Options).Limits)?.UsedBytes
                ?? TreeUsage.Measure(home.Content, cancellationToken).ContentBytes;
    }

    long? MeasureIfThere(VolumeName name, CancellationToken cancellationToken)
    {
        try
        {
            return Measure(name, cancellationToken);
        }
        catch (LinuxException gone) when (gone.Errno is Errno.ENOENT && !Directory.Exists(HomeOf(name).Directory))
        {
            return null;
        }
    }

    bool NeedsMount(LocalFile file) => file.Backend.Length == 0 || backends.Named(file.Backend).Traits.Mounts;

    VolumeSpace? Space(VolumeName name)
    {
        VolumeHome home = HomeOf(name);
        LocalFile file = LocalFile.Read(home);
        if (file.Backend.Length > 0)
            return backends.Named(file.Backend).Measure(home, file, LocalOptions.Parse(file.Options).Limits);
        if (!home.IsMounted)
            return new VolumeSpace(null, null, null, null, file.Options["type"]);
        FileSystemStat stat = Syscall.StatFs(home.Content);
        return new VolumeSpace(stat.SizeBytes - stat.FreeBytes, stat.SizeBytes, stat.Inodes - stat.FreeInodes, stat.Inodes, file.Options["type"]);
    }

    // isOwn: what is mounted at the content's own place is the volume itself, and nobody has it.
    static void RefuseMounts(VolumeName name, VolumeHome home, bool isOwn)
    {
        if (MountTable.Below(home.Directory).LastOrDefault(mount => !isOwn || mount.MountPoint != home.Content) is { } mount)
            throw StrakeException.InUse($"remove {name}: {mount.MountPoint} is mounted below its content; unmount it first");
    }

    async Task ClearAsync(VolumeHome removing)
    {
        if (!Directory.Exists(removing.Directory))
            return;
        await copies.RemoveAllAsync(removing);
        await copies.RemoveAsync(removing);
    }

    StrakeException NoSpace(VolumeName name, LinuxException full) =>
        StrakeException.Exhausted($"create {name}: {full.Message}; free space or inodes below {root}", full);

    VolumeHome HomeOf(VolumeName name) => VolumeHome.Of(root, name);

    SafeFileHandle OpenRoot()
    {
        Directory.CreateDirectory(root, Passable);
        return Syscall.Open(root, OpenFlags.Directory);
    }

    // The process's umask takes bits from a mode that is asked for; a volume's users are to have it as it is.
    static void MakeDirectory(SafeFileHandle parent, string name, UnixFileMode mode)
    {
        if (Syscall.TryMkdirAt(parent, PathBytes.Encode(name), mode))
            Syscall.ChmodAt(parent, name, mode);
    }
}
