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
    /// <exception cref="LinuxException">A mount cannot be let go of.</exception>
    public static void Release(params IReadOnlyList<string> needed)
    {
        foreach (string place in Foreign(MountTable.Read(), needed))
            Syscall.TryUnmount(place, UnmountFlags.Detach | UnmountFlags.NoFollow);
    }

    /// <summary>The places of the mounts that are to go; what lies below one goes with it. Pure.</summary>
    /// <param name="mounts">A namespace's mounts, parents before children.</param>
    /// <param name="needed">Folders that must stay with all that is mounted below them.</param>
    public static IReadOnlyList<string> Foreign(IReadOnlyList<MountEntry> mounts, IReadOnlyList<string> needed)
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
            else if (parent.OptionalFields.Length == 0 && !IsNeeded(mount.MountPoint, needed) && gone.Add(mount.MountId))
                places.Add(mount.MountPoint);
        }

        return places;
    }

    static bool IsNeeded(string place, IReadOnlyList<string> needed) =>
        s_system.Any(top => ContainerPath.IsAtOrBelow(place, top))
        || needed.Any(folder => ContainerPath.IsAtOrBelow(place, folder) || ContainerPath.IsAtOrBelow(folder, place));
}
