using Strake.Linux;

namespace Strake.Volumes;

/// <summary>Where a driver's volumes are on this node.</summary>
/// <remarks>
/// <code>
/// &lt;root&gt;/&lt;driver&gt;/&lt;handle&gt;/staging     made here, for NodeStageVolume
///                         /mount       made by the driver in NodePublishVolume: a directory
///                         /device      the same for a block volume: a device, or a file with one mounted on it
/// </code>
/// Nothing here is ever removed with what is in it: a directory goes when it is empty, and only where nothing is mounted.
/// </remarks>
/// <param name="root">The folder of all drivers.</param>
/// <param name="driver">The driver's name.</param>
/// <param name="time">The clock of time limits.</param>
sealed class CsiPaths(string root, string driver, TimeProvider time)
{
    static readonly TimeSpan s_lookLimit = TimeSpan.FromSeconds(10);

    /// <summary>Where a volume is prepared. Pure.</summary>
    public string Staging(CsiVolume volume) => Path.Combine(root, driver, volume.Handle, "staging");

    /// <summary>Where its content is. Pure.</summary>
    public string Target(CsiVolume volume, bool isBlock) => Path.Combine(root, driver, volume.Handle, isBlock ? "device" : "mount");

    /// <summary>Makes the directory that is prepared.</summary>
    public void MakeStaging(CsiVolume volume) => Make(Staging(volume));

    /// <summary>Makes the directory in which the driver makes the target.</summary>
    public void MakeParent(CsiVolume volume) => Make(Path.Combine(root, driver, volume.Handle));

    /// <summary>Whether the content is at its place, as the host sees it. A link is not followed, but to a device.</summary>
    public bool IsThere(CsiVolume volume, bool isBlock)
    {
        string target = Target(volume, isBlock);
        if (!isBlock)
            return MountTable.IsMountPoint(target);
        return Syscall.TryStatAt(Syscall.WorkingDirectory, target, out FileStat stat, AtFlags.None) && stat.Kind is FileKind.BlockDevice;
    }

    /// <summary>As <see cref="IsThere"/>, on a thread apart: what a dead driver has left mounted may never answer.</summary>
    /// <exception cref="StrakeException">Unavailable: the file system there does not answer.</exception>
    public async Task<bool> LookAsync(CsiVolume volume, bool isBlock)
    {
        try
        {
            return await Task.Run(() => IsThere(volume, isBlock)).WaitAsync(s_lookLimit, time);
        }
        catch (TimeoutException stuck)
        {
            throw StrakeException.Unavailable($"the file system at {Target(volume, isBlock)} does not answer", stuck);
        }
    }

    /// <summary>Removes what unpublishing has left at the target.</summary>
    /// <exception cref="StrakeException">InUse: something is mounted there still. Conflict: files are there.</exception>
    public void RemoveTarget(CsiVolume volume, bool isBlock)
    {
        string target = Target(volume, isBlock);
        RequireNotMounted(target);
        if (isBlock)
            Syscall.TryUnlinkAt(Syscall.WorkingDirectory, target);
        else
            RemoveDirectory(target);
    }

    /// <summary>Removes the directories of a volume that is not on the node any more.</summary>
    /// <exception cref="StrakeException">InUse: something is mounted there still. Conflict: files are there.</exception>
    public void Remove(CsiVolume volume)
    {
        RequireNotMounted(Staging(volume));
        RemoveDirectory(Staging(volume));
        RemoveDirectory(Path.Combine(root, driver, volume.Handle));
    }

    static void Make(string path)
    {
        try
        {
            Directory.CreateDirectory(path, Permissions.Octal0711);
        }
        catch (IOException failed)
        {
            throw StrakeException.Unavailable($"cannot make the directory {path}: {failed.Message}", failed);
        }
    }

    static void RequireNotMounted(string path)
    {
        if (MountTable.IsMountPoint(path))
            throw StrakeException.InUse($"something is mounted at {path} still; unmount it (umount {path})");
    }

    static void RemoveDirectory(string path)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: false);
        }
        catch (IOException busy)
        {
            throw StrakeException.Conflict($"the directory {path} is not empty though nothing is mounted there; what is in it was written beside the volume: move it away", busy);
        }
    }
}
