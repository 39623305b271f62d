using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>
/// Volumes that are block devices: loop devices over sparse files, for whoever makes a file system, or none, by itself. While it is used, a
/// volume's content is not a directory but the device's node. Never chosen but by its name.
/// </summary>
/// <param name="root">The folder of all volumes.</param>
sealed class BlockBackend(string root) : IVolumeBackend
{
    /// <summary>Its name.</summary>
    public const string BackendName = "block";

    /// <summary>Sizes are multiples of this: a page, so that no block device's size is too fine for any user of it.</summary>
    public const long UnitBytes = 4096;

    /// <inheritdoc/>
    public string Name => BackendName;

    // A reflink takes the file as it is at one moment, whoever writes to it meanwhile; a copy by reading does not.
    /// <inheritdoc/>
    public BackendTraits Traits => field ??= new(LimitsSize: true, LimitsInodes: false, Mounts: true, TellsLimits: true, CopiesOneMoment: FileClone.IsPossibleIn(root));

    /// <summary>The size of a device that holds so much; bytes.</summary>
    public static long Round(long bytes) => (bytes + UnitBytes - 1) / UnitBytes * UnitBytes;

    /// <inheritdoc/>
    public string? Refusal(LocalOptions options) =>
        options.Limits.SizeBytes is null ? "a block device has a size: give one with -o size=…"
        : options.Limits.Inodes is not null ? "a block device has no inodes"
        : !File.Exists("/dev/loop-control") ? "the kernel has no loop devices"
        : null;

    /// <inheritdoc/>
    public Task CreateAsync(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        MakePlace(home);
        if (File.Exists(home.Image))
            return Task.CompletedTask;
        using SafeFileHandle own = Syscall.Open(home.Directory, OpenFlags.Directory | OpenFlags.NoFollow);
        string making = home.Image + ".making";
        File.Delete(making);
        using (SafeFileHandle image = Syscall.Open(making, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, Permissions.Octal0600))
        {
            Syscall.Ftruncate(image, Round(limits.SizeBytes!.Value));
            Syscall.FSync(image);
        }

        FaultPoint.Reach("volume.block.allocated");
        Syscall.RenameAt(own, Path.GetFileName(making), own, Path.GetFileName(home.Image));
        Syscall.FSync(own);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task MountAsync(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        if (!File.Exists(home.Image))
            throw StrakeException.DataLoss($"mount volume {Path.GetFileName(home.Directory)}: its image {home.Image} is gone; restore it, or remove the volume");
        MakePlace(home);
        if (home.IsMounted)
            return Task.CompletedTask;
        using LoopDevice device = LoopDevice.FindFor(home.Image) ?? LoopDevice.Attach(home.Image, new LoopOptions { IsAutoclear = false });
        FaultPoint.Reach("volume.block.attached");
        Mount.Bind(device.Path, home.Content).Attach();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Release(VolumeHome home)
    {
        // A bind of its node does not hold a device. Whoever still has it open keeps it; it goes with the last of them.
        using LoopDevice? device = LoopDevice.FindFor(home.Image);
        device?.Detach();
    }

    /// <inheritdoc/>
    public Task RemoveAsync(VolumeHome home, LocalFile file)
    {
        Release(home);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ResizeAsync(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        long size = Round(limits.SizeBytes!.Value);
        using (SafeFileHandle image = Syscall.Open(home.Image, OpenFlags.ReadWrite))
        {
            long now = Syscall.Stat(image).SizeBytes;
            if (size < now)
                throw StrakeException.Invalid($"the volume is a block device of {now} bytes: what lies behind {size} would be lost, and nobody here knows what it is");
            Syscall.Ftruncate(image, size);
            Syscall.FSync(image);
        }

        FaultPoint.Reach("volume.block.lengthened");
        using LoopDevice? device = LoopDevice.FindFor(home.Image);
        device?.ReadSize();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task CopyAsync(VolumeHome source, VolumeHome target, LocalFile file, VolumeLimits limits, CancellationToken cancellationToken)
    {
        MakePlace(target);
        // What its users have written and not flushed is in the device's pages.
        if (source.IsMounted)
        {
            using SafeFileHandle device = Syscall.Open(source.Content, OpenFlags.ReadOnly);
            Syscall.FSync(device);
        }

        FileClone.Copy(source.Image, target.Image, Permissions.Octal0600, cancellationToken);
        FaultPoint.Reach("volume.copy.written");
        using SafeFileHandle image = Syscall.Open(target.Image, OpenFlags.ReadOnly);
        Syscall.FSync(image);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public long CopyCost(VolumeHome home, CancellationToken cancellationToken) => FileClone.IsPossibleIn(home.Directory) ? 0 : AllocatedBytes(home);

    /// <inheritdoc/>
    public VolumeSpace? Measure(VolumeHome home, LocalFile file, VolumeLimits limits) =>
        new(AllocatedBytes(home), limits.SizeBytes is { } size ? Round(size) : null, null, null, Name);

    static long AllocatedBytes(VolumeHome home) =>
        Syscall.TryStatAt(Syscall.WorkingDirectory, home.Image, out FileStat stat) ? stat.AllocatedBytes : 0;

    static void MakePlace(VolumeHome home)
    {
        if (!File.Exists(home.Content))
            Syscall.Open(home.Content, OpenFlags.ReadWrite | OpenFlags.NoFollow | OpenFlags.Create, Permissions.Octal0600).Dispose();
    }
}
