using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>
/// Copies of local volumes. A copy is a directory of the shape that a volume has, made under another name and renamed when it is whole and
/// on disk; so what has its name is whole, whatever was killed.
/// </summary>
/// <remarks>
/// <code>
/// &lt;root&gt;/.making.&lt;hash&gt;/         a clone on its way
/// &lt;root&gt;/&lt;name&gt;/                 a volume: see <see cref="VolumeHome"/>
///   snapshots/&lt;snapshot&gt;/        its snapshots, each of a volume's shape
///   snapshots/.making/           one on its way
///   snapshots/.removing/         one being removed
///   rollback.making/             an old content on its way back
///   rollback/                    the same, whole: a restart goes on moving it in
///   rollback.old/                what it replaces
/// </code>
/// </remarks>
/// <param name="backends">What keeps volumes.</param>
sealed class LocalCopies(BackendChoice backends)
{
    /// <summary>What a copy takes.</summary>
    public VolumeCopyCost CostOf(VolumeHome home, CancellationToken cancellationToken)
    {
        LocalFile file = ReadCopyable(home);
        IVolumeBackend backend = backends.Named(file.Backend);
        return new VolumeCopyCost(backend.CopyCost(home, cancellationToken), backend.Traits.CopiesOneMoment);
    }

    /// <summary>Whether copies are of one moment.</summary>
    public bool AreOfOneMoment(VolumeHome home) => backends.Named(ReadCopyable(home).Backend).Traits.CopiesOneMoment;

    /// <summary>A volume's snapshots, the oldest first.</summary>
    public static IReadOnlyList<VolumeSnapshot> SnapshotsOf(VolumeHome home) => Directory.Exists(home.Snapshots)
        ? [.. from path in Directory.EnumerateDirectories(home.Snapshots)
              let found = SnapshotAt(path)
              where found is not null
              orderby found.CreatedAt, found.Name.ToString()
              select found]
        : [];

    /// <summary>Makes a snapshot.</summary>
    public async Task SnapshotAsync(VolumeHome home, SnapshotName snapshot, CancellationToken cancellationToken)
    {
        LocalFile file = ReadCopyable(home);
        if (Syscall.TryMkdirAt(Syscall.WorkingDirectory, PathBytes.Encode(home.Snapshots), Permissions.Octal0700))
            FSync(home.Directory);
        await CopyAsync(home, home.SnapshotInMaking, home.SnapshotOf(snapshot), Own(file, isSnapshot: true), cancellationToken);
    }

    /// <summary>Removes a snapshot.</summary>
    public async Task RemoveSnapshotAsync(VolumeHome home, SnapshotName snapshot)
    {
        await RemoveAsync(home.SnapshotInRemoval);
        VolumeHome own = home.SnapshotOf(snapshot);
        if (!Directory.Exists(own.Directory))
            return;
        Rename(own.Directory, home.SnapshotInRemoval.Directory);
        FaultPoint.Reach("volume.snapshot.remove-renamed");
        await RemoveAsync(home.SnapshotInRemoval);
        FSync(home.Snapshots);
    }

    /// <summary>Gives a volume that nothing mounts a snapshot's content.</summary>
    public async Task RollBackAsync(VolumeHome home, SnapshotName snapshot, CancellationToken cancellationToken)
    {
        VolumeHome source = home.SnapshotOf(snapshot);
        LocalFile file = Own(LocalFile.Read(source));
        await CopyAsync(source, home.RollbackInMaking, home.Rollback, file, cancellationToken);
        FaultPoint.Reach("volume.rollback.copied");
        // From here on there is no way back: what is found under that name is moved in.
        await FinishRollbackAsync(home);
    }

    /// <summary>Makes a volume with another's content.</summary>
    public Task CloneAsync(VolumeHome source, VolumeHome making, VolumeHome target, CancellationToken cancellationToken) =>
        CopyAsync(source, making, target, Own(ReadCopyable(source)), cancellationToken);

    /// <summary>Ends what a kill has cut short.</summary>
    public async Task SettleAsync(VolumeHome home)
    {
        await RemoveAsync(home.RollbackInMaking);
        await FinishRollbackAsync(home);
        await RemoveAsync(home.SnapshotInMaking);
        await RemoveAsync(home.SnapshotInRemoval);
    }

    /// <summary>Removes a copy, or what there is of one.</summary>
    public async Task RemoveAsync(VolumeHome copy)
    {
        if (!Directory.Exists(copy.Directory))
            return;
        if (LocalFile.TryRead(copy) is { Backend.Length: > 0 } file)
            await backends.Named(file.Backend).RemoveAsync(copy, file);
        TreeRemoval.Remove(copy.Directory, CancellationToken.None);
    }

    /// <summary>Removes all snapshots, and what there is of unfinished copies, of a volume that is being removed.</summary>
    public async Task RemoveAllAsync(VolumeHome home)
    {
        if (Directory.Exists(home.Snapshots))
        {
            foreach (string path in Directory.EnumerateDirectories(home.Snapshots).ToList())
                await RemoveAsync(new VolumeHome(path));
        }

        foreach (VolumeHome rest in new[] { home.RollbackInMaking, home.Rollback, home.RollbackOld })
            await RemoveAsync(rest);
    }

    async Task CopyAsync(VolumeHome source, VolumeHome making, VolumeHome target, LocalFile file, CancellationToken cancellationToken)
    {
        await RemoveAsync(making);
        VolumeHome.Make(making.Directory);
        try
        {
            if (file.Options.Count > 0)
                file.Write(making);
            FaultPoint.Reach("volume.copy.begun");
            await backends.Named(file.Backend).CopyAsync(source, making, file, LocalOptions.Parse(file.Options).Limits, cancellationToken);
            FSync(making.Directory);
        }
        catch (Exception failed)
        {
            await RemoveAsync(making);
            if (failed is LinuxException { Errno: Errno.ENOSPC or Errno.EDQUOT })
                throw StrakeException.Exhausted($"copy {source.Content}: {failed.Message}; free space or inodes there", failed);
            throw;
        }

        FaultPoint.Reach("volume.copy.whole");
        Rename(making.Directory, target.Directory);
        FSync(Path.GetDirectoryName(target.Directory)!);
        FaultPoint.Reach("volume.copy.named");
    }

    // Each part is moved away and replaced; a part that is not in the copy any more has been. Repeated after a kill, it goes on where it was.
    async Task FinishRollbackAsync(VolumeHome home)
    {
        if (Directory.Exists(home.Rollback.Directory))
        {
            Syscall.TryMkdirAt(Syscall.WorkingDirectory, PathBytes.Encode(home.RollbackOld.Directory), Permissions.Octal0700);
            foreach ((string part, string copy, string old) in VolumeHome.PartsOf(home, home.Rollback, home.RollbackOld))
            {
                if (!Path.Exists(copy))
                    continue;
                if (Path.Exists(part))
                    Rename(part, old);
                FaultPoint.Reach("volume.rollback.moving");
                Rename(copy, part);
                FaultPoint.Reach("volume.rollback.moved");
            }

            FSync(home.Directory);
            FSync(home.Rollback.Directory);
            TreeRemoval.Remove(home.Rollback.Directory, CancellationToken.None);
        }

        await RemoveAsync(home.RollbackOld);
    }

    LocalFile Own(LocalFile file, bool isSnapshot = false) => backends.Named(file.Backend).Distinguish(file, isSnapshot);

    static LocalFile ReadCopyable(VolumeHome home)
    {
        LocalFile file = LocalFile.Read(home);
        return file.Backend.Length > 0 ? file : throw StrakeException.NotSupported(
            $"volume {Path.GetFileName(home.Directory)} is a file system of its own ({file.Options["type"]} on {file.Options["device"]}), which the engine mounts and does not keep: it has no snapshots or clones here");
    }

    static VolumeSnapshot? SnapshotAt(string path) => SnapshotName.TryParse(Path.GetFileName(path), out SnapshotName name)
        ? new VolumeSnapshot(name, new DateTimeOffset(File.GetCreationTimeUtc(path), TimeSpan.Zero))
        : null;

    static void Rename(string from, string to) => Syscall.RenameAt(Syscall.WorkingDirectory, from, Syscall.WorkingDirectory, to, RenameFlags.NoReplace);

    static void FSync(string directory)
    {
        using SafeFileHandle open = Syscall.Open(directory, OpenFlags.Directory);
        Syscall.FSync(open);
    }
}
