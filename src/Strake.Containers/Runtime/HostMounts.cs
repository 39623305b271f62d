using Strake.Containers.Mounts;
using Strake.Linux;

namespace Strake.Containers.Runtime;

/// <summary>
/// The host's mounts in a container's namespace of mounts, which begins as a copy of the host's. A copy keeps its file system
/// in use: without more ado, a disk that was mounted when a container began could not be taken away while it runs.
/// </summary>
/// <remarks>
/// Where the host's mounts are shared, as systemd makes them, what the host unmounts vanishes in the copy as well. Where they
/// are private it does not, so those are let go of as soon as conmon and the runtime need no more than their own folders.
/// </remarks>
static class HostMounts
{
    // What programs expect to be there, and what keeps nothing in use.
    static readonly string[] s_system = ["/proc", "/sys", "/dev"];

    /// <summary>Lets go of the mounts that the calling thread's namespace does not need. What has gone meanwhile is passed over.</summary>
    /// <param name="needed">Folders that must stay: the data root, the exec root.</param>
    /// <param name="volumes">The folder of volumes below one of them: the container has its own of those already, and another's must end with their last use.</param>
    /// <exception cref="LinuxException">A mount cannot be let go of.</exception>
    public static void Release(IReadOnlyList<string> needed, string volumes)
    {
        foreach (string place in Foreign(MountTable.Read(), needed, volumes))
            Release(place);
    }

    // A mount on a private one may itself be shared: with it would go what is mounted below it on the host, for an unmount follows the
    // parent's propagation for each mount of the tree. So the copy is cut off first.
    static void Release(string place)
    {
        try
        {
            Syscall.Mount(null, place, null, MountFlags.Private | MountFlags.Recursive);
            Syscall.TryUnmount(place, UnmountFlags.Detach | UnmountFlags.NoFollow);
        }
        catch (LinuxException gone) when (gone.Errno is Errno.EINVAL or Errno.ENOENT or Errno.ENOTDIR)
        {
            // Observed: the host took it away meanwhile, and here with it.
            return;
        }
    }

    /// <summary>The places of the mounts that are to go; what lies below one goes with it. Pure.</summary>
    /// <param name="mounts">A namespace's mounts, parents before children.</param>
    /// <param name="needed">Folders that must stay with all that is mounted below them.</param>
    /// <param name="volumes">The folder below one of them of which nothing must stay.</param>
    public static IReadOnlyList<string> Foreign(IReadOnlyList<MountEntry> mounts, IReadOnlyList<string> needed, string volumes)
    {
        Dictionary<int, MountEntry> byId = mounts.ToDictionary(static mount => mount.MountId);
        HashSet<int> gone = [];
        List<string> places = [];
        foreach (MountEntry mount in mounts)
        {
            // Read with its parent: an unmount goes where the parent's propagation leads, so this one would reach the host, and
            // the host's reaches this one.
            if (!byId.TryGetValue(mount.ParentId, out MountEntry? parent) || ReferenceEquals(parent, mount))
                continue;
            if (gone.Contains(parent.MountId))
                gone.Add(mount.MountId);
            else if (parent.OptionalFields.Length == 0 && !IsNeeded(mount.MountPoint, needed, volumes) && gone.Add(mount.MountId))
                places.Add(mount.MountPoint);
        }

        return places;
    }

    static bool IsNeeded(string place, IReadOnlyList<string> needed, string volumes) =>
        s_system.Any(top => ContainerPath.IsAtOrBelow(place, top))
        || (!place.StartsWith(volumes + "/", StringComparison.Ordinal) && needed.Any(folder => ContainerPath.IsAtOrBelow(place, folder) || ContainerPath.IsAtOrBelow(folder, place)));
}
