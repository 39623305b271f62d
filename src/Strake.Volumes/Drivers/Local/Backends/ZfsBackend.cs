using Strake.Linux;

namespace Strake.Volumes;

/// <summary>Volumes as datasets of ZFS, mounted while they are used. Limits change at once, copies share all that they have in common.</summary>
/// <remarks>
/// <code>
/// &lt;parent dataset&gt;            the option parent; else the dataset that the volumes' folder is on
///   /strake-volume-&lt;32 hex&gt;   a volume, a snapshot of one, or a clone; mountpoint=legacy: nobody but us mounts it
/// </code>
/// A dataset's name stands in its volume's file before it is made, and the file goes after it: whatever is renamed or cut short, the two belong together.
/// A dataset that is full says EDQUOT, and counts when it writes to disk: the last record that is let in may go beyond the limit.
/// </remarks>
/// <param name="root">The folder of all volumes.</param>
/// <param name="time">The clock of waits.</param>
sealed class ZfsBackend(string root, TimeProvider time) : IVolumeBackend
{
    /// <summary>Its name.</summary>
    public const string BackendName = "zfs";

    /// <inheritdoc/>
    public string Name => BackendName;

    /// <inheritdoc/>
    public BackendTraits Traits { get; } = new(LimitsSize: true, LimitsInodes: false, Mounts: true, TellsLimits: false, CopiesOneMoment: true);

    /// <inheritdoc/>
    public string? Refusal(LocalOptions options) =>
        options.Limits.Inodes is not null ? "zfs has no limit for inodes"
        : options.Parent is null && FileSystem.TypeOf(root) != "zfs" ? $"the file system of {root} is no zfs; name a dataset with -o parent=…"
        : !File.Exists("/dev/zfs") ? "the kernel has no ZFS: load its module"
        : HostProgram.Find("zfs") is null ? "the program zfs is not installed"
        : null;

    /// <inheritdoc/>
    public LocalFile Distinguish(LocalFile file, bool isSnapshot) => file with
    {
        Dataset = (file.Dataset is not null
            ? DatasetOf(file).Another()
            : ZfsDataset.Below(LocalOptions.Parse(file.Options).Parent ?? MountTable.Holding(root).Source)).Name,
    };

    /// <inheritdoc/>
    public async Task CreateAsync(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        DirectoryBackend.MakeContent(home);
        ZfsDataset dataset = DatasetOf(file);
        await dataset.CreateAsync();
        FaultPoint.Reach("volume.zfs.dataset-made");
        await dataset.LimitAsync(limits.SizeBytes);
        FaultPoint.Reach("volume.zfs.limited");
    }

    /// <inheritdoc/>
    public async Task MountAsync(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        DirectoryBackend.MakeContent(home);
        if (home.IsMounted)
            return;
        ZfsDataset dataset = DatasetOf(file);
        try
        {
            FaultPoint.Reach("volume.zfs.mounting");
            new Mount("zfs", dataset.Name, home.Content).Attach().Release();
            FaultPoint.Reach("volume.zfs.mounted");
        }
        catch (LinuxException e)
        {
            string volume = Path.GetFileName(home.Directory);
            throw await dataset.ExistsAsync()
                ? StrakeException.Internal($"mount volume {volume}: dataset {dataset.Name}: {e.Message}", e)
                : StrakeException.DataLoss($"mount volume {volume}: its dataset {dataset.Name} is gone; import its pool or restore it, or remove the volume", e);
        }
    }

    /// <inheritdoc/>
    public Task RemoveAsync(VolumeHome home, LocalFile file) => file.Dataset is null ? Task.CompletedTask : DatasetOf(file).DestroyAsync(time);

    /// <inheritdoc/>
    public async Task ResizeAsync(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        ZfsDataset dataset = DatasetOf(file);
        VolumeLimits before = LocalOptions.Parse(LocalFile.Read(home).Options).Limits;
        // Told apart from a full volume, which holds a little more than its size and may keep that.
        if (!(limits.SizeBytes >= before.SizeBytes) && await dataset.HeldBytesAsync() is var held && held > limits.SizeBytes)
            throw StrakeException.Exhausted($"the volume holds {held} bytes, which is more than {limits.SizeBytes}");
        await dataset.LimitAsync(limits.SizeBytes);
        FaultPoint.Reach("volume.zfs.limited");
    }

    /// <inheritdoc/>
    public async Task CopyAsync(VolumeHome source, VolumeHome target, LocalFile file, VolumeLimits limits, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        DirectoryBackend.MakeContent(target);
        ZfsDataset dataset = DatasetOf(file);
        await dataset.CopyAsync(DatasetOf(LocalFile.Read(source)));
        FaultPoint.Reach("volume.copy.written");
        await dataset.LimitAsync(limits.SizeBytes);
    }

    /// <inheritdoc/>
    public long CopyCost(VolumeHome home, CancellationToken cancellationToken) => 0;

    /// <inheritdoc/>
    /// <remarks>Of a volume that is not mounted a program tells it, which takes some ten milliseconds.</remarks>
    public VolumeSpace? Measure(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        if (!home.IsMounted)
            return new VolumeSpace(DatasetOf(file).HeldBytesAsync().GetAwaiter().GetResult(), limits.SizeBytes, null, null, Name);
        FileSystemStat stat = Syscall.StatFs(home.Content);
        return new VolumeSpace(stat.SizeBytes - stat.FreeBytes, limits.SizeBytes, stat.Inodes - stat.FreeInodes, null, Name);
    }

    static ZfsDataset DatasetOf(LocalFile file) =>
        new(file.Dataset ?? throw StrakeException.DataLoss("the volume's options.json names no dataset; restore it, or remove the volume"));
}
