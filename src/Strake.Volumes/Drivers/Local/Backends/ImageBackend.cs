using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>
/// Volumes as ext4 file systems in sparse files, mounted by loop devices while they are used: a limit on every host that has both. The file
/// takes what the volume holds, not what it may hold; what is deleted in the volume is given back.
/// </summary>
/// <remarks>
/// A file is formatted under another name and renamed when it is whole, so one that has its name is a volume. It is mounted once at most:
/// a device that has the file already, for some namespace still sees the last mount, is mounted again, and so is the same file system.
/// </remarks>
/// <param name="time">The clock of waits.</param>
sealed class ImageBackend(TimeProvider time) : IVolumeBackend
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    const string Making = ".making";
    const string LostAndFound = "lost+found";

    // What is set aside for nobody (see ImageGeometry) would else be root's, in containers too. The number is nobody's.
    const string Options = "discard,errors=remount-ro,resuid=65534,resgid=65534";
    const int MostRounds = 6;

    // What a new image takes on disk is some megabytes, and grows little with its size, for its tables and its journal are not written.
    const long NewImageBytes = 64 << 20;

    // EXT4_IOC_RESIZE_FS asks for it (ext4_resize_begin).
    const string GrowingRight = "CAP_SYS_RESOURCE";
    const int GrowingRightBit = 24;

    string? refusal;
    bool probed;

    /// <inheritdoc/>
    public string Name => "image";

    /// <inheritdoc/>
    public BackendTraits Traits { get; } = new(LimitsSize: true, LimitsInodes: true, Mounts: true, TellsLimits: true, CopiesOneMoment: true)
    {
        DeferringNeedsBytes = NewImageBytes,
    };

    static bool MayGrowMounted { get; } = HasRight(GrowingRightBit);

    /// <inheritdoc/>
    public string? Refusal(LocalOptions options)
    {
        if (!probed)
        {
            refusal = Probe();
            probed = true;
        }

        return refusal
            ?? (options.Limits.SizeBytes is null ? "an image has a size: give one with -o size=…" : null)
            ?? (options.Limits.SizeBytes < ImageGeometry.LeastBytes ? $"an image takes {ImageGeometry.LeastBytes} bytes at least" : null);
    }

    /// <inheritdoc/>
    public async Task CreateAsync(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        DirectoryBackend.MakeContent(home);
        if (File.Exists(home.Image))
            return;
        string making = home.Image + Making;
        await FormatAsync(making, limits);
        FaultPoint.Reach("volume.image.formatted");
        using SafeFileHandle own = Syscall.Open(home.Directory, OpenFlags.Directory);
        // Before it has its name: its root is as users expect it to be.
        Prepare(making, home);
        using (SafeFileHandle image = Syscall.Open(making, OpenFlags.ReadWrite))
            Syscall.FSync(image);
        Syscall.RenameAt(own, Path.GetFileName(making), own, Path.GetFileName(home.Image));
        FaultPoint.Reach("volume.image.named");
        Syscall.FSync(own);
    }

    /// <inheritdoc/>
    public Task MountAsync(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        if (!File.Exists(home.Image))
            throw StrakeException.DataLoss($"mount volume {Path.GetFileName(home.Directory)}: its image {home.Image} is gone; restore it, or remove the volume");
        DirectoryBackend.MakeContent(home);
        if (!home.IsMounted)
            Attach(home.Image, home.Content);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task RemoveAsync(VolumeHome home, LocalFile file) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task ResizeAsync(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        long size = limits.SizeBytes!.Value;
        using LoopDevice? device = await FindDeviceAsync(home);
        ImageGeometry now = await ReadAsync(home, device);
        if (now.UsedBytes > size)
            throw StrakeException.Exhausted($"the volume holds {now.UsedBytes} bytes, which is more than {size}");
        if (device is null && now.BlocksFor(size) is var fitting && fitting < now.Blocks)
            await ShrinkAsync(home.Image, fitting);
        else if (device is not null && !now.CanReserve(now.SpareBlocks(size)))
            throw StrakeException.InUse("the volume is mounted: its file system can shrink by so much only while nobody uses it");
        now = await ReadAsync(home, device);
        for (int round = 0; now.SpareBlocks(size) < 0; round++)
        {
            if (round == MostRounds)
                throw StrakeException.Internal($"the file system in {home.Image} could not be made to hold {size} bytes");
            await GrowAsync(home.Image, device, Math.Max(now.BlocksFor(size), now.Next(now.SpareBlocks(size))));
            now = await ReadAsync(home, device);
        }

        await ReserveAsync(device?.Path ?? home.Image, now.SpareBlocks(size));
        FaultPoint.Reach("volume.image.reserved");
    }

    /// <inheritdoc/>
    public Task CopyAsync(VolumeHome source, VolumeHome target, LocalFile file, VolumeLimits limits, CancellationToken cancellationToken)
    {
        using (Freeze(source))
            FileClone.Copy(source.Image, target.Image, Permissions.Octal0600, cancellationToken);
        FaultPoint.Reach("volume.copy.written");
        using SafeFileHandle image = Syscall.Open(target.Image, OpenFlags.ReadOnly);
        Syscall.FSync(image);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public long CopyCost(VolumeHome home, CancellationToken cancellationToken) =>
        FileClone.IsPossibleIn(home.Directory) ? 0 : AllocatedBytes(home.Image);

    /// <inheritdoc/>
    public VolumeSpace? Measure(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        if (!home.IsMounted)
            return new VolumeSpace(AllocatedBytes(home.Image), limits.SizeBytes, null, limits.Inodes, Name);
        FileSystemStat stat = Syscall.StatFs(home.Content);
        return new VolumeSpace(stat.SizeBytes - stat.FreeBytes, limits.SizeBytes, stat.Inodes - stat.FreeInodes, stat.Inodes, Name);
    }

    // Of a volume that was just unmounted somebody may still see the last mount: a container's namespace goes a moment after the container.
    async Task<LoopDevice?> FindDeviceAsync(VolumeHome home)
    {
        long begun = time.GetTimestamp();
        while (true)
        {
            LoopDevice? device = LoopDevice.FindFor(home.Image);
            if (device is null || home.IsMounted || time.GetElapsedTime(begun) > s_patience)
                return device;
            // Opened, it would not let go of its file.
            device.Dispose();
            await Task.Delay(s_look, time);
        }
    }

    // How much of a file is its file system's own depends on its size; so the size is found by trying, which costs little: the file is sparse.
    static async Task FormatAsync(string image, VolumeLimits limits)
    {
        long size = limits.SizeBytes!.Value;
        // What the kernel will not let grow is made with room to double, and the room reserved.
        long room = MayGrowMounted ? size : 2 * size;
        long blocks = ImageGeometry.FirstGuess(room, limits.Inodes);
        for (int round = 0; ; round++)
        {
            File.Delete(image);
            using (SafeFileHandle file = Syscall.Open(image, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, Permissions.Octal0600))
                Syscall.Ftruncate(file, blocks * ImageGeometry.BlockBytes);
            FaultPoint.Reach("volume.image.allocated");
            await MakeFileSystemAsync(image, size, limits.Inodes);
            ImageGeometry made = ImageGeometry.Parse(await VolumeProgram.RunAsync("dumpe2fs", 0, "-h", image), isNew: true);
            long spare = made.SpareBlocks(room);
            if (ImageGeometry.IsClose(spare) || (spare >= 0 && round >= MostRounds))
            {
                await ReserveAsync(image, made.SpareBlocks(size));
                return;
            }

            if (round > 2 * MostRounds)
                throw StrakeException.Internal($"no file system was found that holds {size} bytes");
            blocks = made.Next(spare);
        }
    }

    static Task MakeFileSystemAsync(string image, long size, long? inodes)
    {
        List<string> arguments = ["-q", "-F", "-m", "0", "-b", "4096", "-E", "lazy_itable_init=1,lazy_journal_init=1,nodiscard", "-J", $"size={ImageGeometry.JournalMegabytes(size)}"];
        if (inodes is { } count)
            arguments.AddRange(["-N", ImageGeometry.AllInodes(count).ToString(CultureInfo.InvariantCulture)]);
        return VolumeProgram.RunAsync("mkfs.ext4", 0, [.. arguments, image]);
    }

    static void Prepare(string image, VolumeHome home)
    {
        using MountScope mount = Attach(image, home.Content);
        using SafeFileHandle root = Syscall.Open(home.Content, OpenFlags.Directory);
        Syscall.TryUnlinkAt(root, LostAndFound, AtFlags.RemoveDirectory);
        Syscall.Chmod(root, Permissions.Octal0755);
        Syscall.SyncFs(root);
    }

    static MountScope Attach(string image, string target)
    {
        FaultPoint.Reach("volume.image.mounting");
        using LoopDevice device = LoopDevice.FindFor(image) ?? LoopDevice.Attach(image, new LoopOptions { IsAutoclear = true });
        try
        {
            MountScope mount = new Mount("ext4", device.Path, target, Data: Options).Attach();
            FaultPoint.Reach("volume.image.mounted");
            return mount;
        }
        catch (LinuxException e)
        {
            throw StrakeException.Internal($"mount {image} at {target}: {e.Message}; look at it with e2fsck -f", e);
        }
    }

    // Nothing where no kernel has it mounted. One that is not mounted here may still be so for a namespace that sees the last mount.
    static IDisposable? Freeze(VolumeHome source)
    {
        if (source.IsMounted)
            return FreezeScope.Of(source.Content);
        using LoopDevice? seen = LoopDevice.FindFor(source.Image);
        if (seen is null)
            return null;
        DirectoryBackend.MakeContent(source);
        using MountScope mount = Attach(source.Image, source.Content);
        return FreezeScope.Of(source.Content);
    }

    static async Task GrowAsync(string image, LoopDevice? device, long blocks)
    {
        using (SafeFileHandle file = Syscall.Open(image, OpenFlags.ReadWrite))
        {
            // A resize that was cut short may have made the file longer than its file system; it never is shorter.
            if (Syscall.Stat(file).SizeBytes < blocks * ImageGeometry.BlockBytes)
                Syscall.Ftruncate(file, blocks * ImageGeometry.BlockBytes);
            Syscall.FSync(file);
        }

        FaultPoint.Reach("volume.image.lengthened");
        if (device is null)
            await VolumeProgram.RunAsync("e2fsck", 1, "-f", "-y", image);
        else if (MayGrowMounted)
            device.ReadSize();
        else
            throw StrakeException.NotSupported($"the engine lacks {GrowingRight}, without which the kernel lets no mounted file system grow by so much: stop who uses the volume, and try again");
        await VolumeProgram.RunAsync("resize2fs", 0, device?.Path ?? image, blocks.ToString(CultureInfo.InvariantCulture));
        FaultPoint.Reach("volume.image.grown");
    }

    static async Task ShrinkAsync(string image, long blocks)
    {
        await VolumeProgram.RunAsync("e2fsck", 1, "-f", "-y", image);
        await VolumeProgram.RunAsync("resize2fs", 0, image, blocks.ToString(CultureInfo.InvariantCulture));
        FaultPoint.Reach("volume.image.shrunk");
        using SafeFileHandle file = Syscall.Open(image, OpenFlags.ReadWrite);
        Syscall.FSync(file);
        Syscall.Ftruncate(file, blocks * ImageGeometry.BlockBytes);
        Syscall.FSync(file);
    }

    // On a mounted one too: tune2fs writes to the device's own pages, which are those that the kernel reads the number from.
    static Task ReserveAsync(string place, long spare) =>
        VolumeProgram.RunAsync("tune2fs", 0, "-r", spare.ToString(CultureInfo.InvariantCulture), place);

    // What a file system keeps for itself only the kernel knows for certain; what the tools write of it is gone after each of them.
    static async Task<ImageGeometry> ReadAsync(VolumeHome home, LoopDevice? device)
    {
        FileSystemStat stat;
        // A copy that nobody has mounted yet has no place for it.
        DirectoryBackend.MakeContent(home);
        using (home.IsMounted ? null : Attach(home.Image, home.Content))
            stat = Syscall.StatFs(home.Content);
        ImageGeometry read = ImageGeometry.Parse(await VolumeProgram.RunAsync("dumpe2fs", 0, "-h", device?.Path ?? home.Image));
        return read with { OwnBlocks = read.Blocks - (stat.SizeBytes / ImageGeometry.BlockBytes), FreeBlocks = stat.FreeBytes / ImageGeometry.BlockBytes };
    }

    static long AllocatedBytes(string image) =>
        Syscall.TryStatAt(Syscall.WorkingDirectory, image, out FileStat stat) ? stat.AllocatedBytes : 0;

    // proc_pid_status(5): "CapEff:\t000001fffeffffff".
    static bool HasRight(int bit)
    {
        const string label = "CapEff:";
        string line = File.ReadLines("/proc/self/status").First(static line => line.StartsWith(label, StringComparison.Ordinal));
        return (ulong.Parse(line.AsSpan(label.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) >> bit & 1) == 1;
    }

    static string? Probe()
    {
        string? missing = new[] { "mkfs.ext4", "dumpe2fs", "tune2fs", "e2fsck", "resize2fs" }.FirstOrDefault(static program => HostProgram.Find(program) is null);
        return missing is not null ? $"the program {missing} is not installed"
            : !File.Exists("/dev/loop-control") ? "the kernel has no loop devices"
            : null;
    }
}
