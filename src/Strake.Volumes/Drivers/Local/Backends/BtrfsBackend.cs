using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>Volumes as subvolumes of a btrfs, limited by quota groups. Nothing is mounted, and limits change at once.</summary>
/// <remarks>A quota group that is full says EDQUOT, and <c>df</c> shows the whole file system: btrfs has no other way.</remarks>
/// <param name="root">The folder of all volumes.</param>
sealed class BtrfsBackend(string root) : IVolumeBackend
{
    /// <inheritdoc/>
    public string Name => "btrfs";

    /// <inheritdoc/>
    public BackendTraits Traits { get; } = new(LimitsSize: true, LimitsInodes: false, Mounts: false, TellsLimits: false, CopiesOneMoment: true);

    /// <inheritdoc/>
    public string? Refusal(LocalOptions options) => FileSystem.TypeOf(root) != "btrfs" ? $"the file system of {root} is no btrfs"
        : options.Limits.Inodes is not null ? "btrfs has no limit for inodes"
        : null;

    /// <inheritdoc/>
    public Task CreateAsync(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        using SafeFileHandle directory = Syscall.Open(home.Directory, OpenFlags.Directory);
        if (OpenContent(home) is { } there)
            there.Dispose();
        else
            BtrfsSubvolume.Create(directory, VolumeHome.ContentBytes);
        FaultPoint.Reach("volume.btrfs.subvolume-made");
        using SafeFileHandle content = Limit(home, limits);
        Syscall.SyncFs(content);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task MountAsync(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        DirectoryBackend.RequireContent(home);
        // Again: the file system may have given up counting, and held no limit since.
        Limit(home, limits).Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task RemoveAsync(VolumeHome home, LocalFile file)
    {
        // The directory alone can be removed as any other; its quota group would stay.
        using SafeFileHandle? content = OpenContent(home);
        if (content is null)
            return Task.CompletedTask;
        long number = BtrfsSubvolume.IdOf(content);
        using SafeFileHandle directory = Syscall.Open(home.Directory, OpenFlags.Directory);
        BtrfsSubvolume.Remove(directory, VolumeHome.ContentBytes);
        Syscall.SyncFs(directory);
        FaultPoint.Reach("volume.btrfs.subvolume-gone");
        BtrfsQuota.TryRemoveGroup(directory, number);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ResizeAsync(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        if (Measure(home, file, limits) is { } space && space.UsedBytes > limits.SizeBytes)
            throw StrakeException.Exhausted($"the volume holds {space.UsedBytes} bytes, which is more than {limits.SizeBytes}");
        Limit(home, limits).Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task CopyAsync(VolumeHome source, VolumeHome target, LocalFile file, VolumeLimits limits, CancellationToken cancellationToken)
    {
        using (SafeFileHandle from = Syscall.Open(source.Content, OpenFlags.Directory))
        using (SafeFileHandle parent = Syscall.Open(target.Directory, OpenFlags.Directory))
            BtrfsSubvolume.Snapshot(from, parent, VolumeHome.ContentBytes);
        FaultPoint.Reach("volume.copy.written");
        // A snapshot holds what the volume held, and so is within its limit.
        using SafeFileHandle content = Limit(target, limits);
        Syscall.SyncFs(content);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public long CopyCost(VolumeHome home, CancellationToken cancellationToken) => 0;

    /// <inheritdoc/>
    public VolumeSpace? Measure(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        TreeUsage usage = TreeUsage.Measure(home.Content);
        return new VolumeSpace(usage.AllocatedBytes, limits.SizeBytes, usage.Inodes, null, Name);
    }

    static SafeFileHandle Limit(VolumeHome home, VolumeLimits limits)
    {
        SafeFileHandle content = Syscall.Open(home.Content, OpenFlags.Directory);
        if (limits.SizeBytes is { } most)
        {
            BtrfsQuota.Enable(content);
            BtrfsQuota.LimitReferenced(content, most);
        }
        else
        {
            BtrfsQuota.Unlimit(content);
        }

        FaultPoint.Reach("volume.btrfs.limited");
        return content;
    }

    // Null where it is not there, or no subvolume.
    static SafeFileHandle? OpenContent(VolumeHome home)
    {
        SafeFileHandle? content = Syscall.TryOpenAt(
            Syscall.WorkingDirectory, PathBytes.Encode(home.Content), OpenFlags.Directory | OpenFlags.NoFollow);
        if (content is null || BtrfsSubvolume.IsRoot(content))
            return content;
        content.Dispose();
        return null;
    }
}
