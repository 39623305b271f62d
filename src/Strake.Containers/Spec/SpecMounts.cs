using System.Globalization;
using Strake.Containers.Mounts;
using Strake.Containers.Oci;

namespace Strake.Containers.Spec;

/// <summary>The mounts of a runtime spec: the kernel's file systems, then the container's own from the root downwards. Pure.</summary>
static class SpecMounts
{
    const long DefaultShmBytes = 64 << 20;

    /// <summary>All mounts of a container, in order.</summary>
    /// <param name="input">The container, where its mounts come from, and what the host allows.</param>
    /// <exception cref="StrakeException">Invalid: options that contradict one another, in Docker's words. NotSupported: the kernel lacks what is insisted on.</exception>
    public static IReadOnlyList<OciMount> Of(SpecInput input)
    {
        Container container = input.Container;
        OciMount[] own = [.. Own(input)];
        HashSet<string> covered = [.. own.Select(static mount => mount.Destination)];
        // Who mounts over /dev wants nothing of ours below it.
        bool ownDev = covered.Contains("/dev");
        IEnumerable<OciMount> kernel = Kernel(container)
            .Where(mount => !covered.Contains(mount.Destination) && !(ownDev && mount.Destination.StartsWith("/dev/", StringComparison.Ordinal)));
        return [.. kernel, .. own.OrderBy(static mount => ContainerPath.Depth(mount.Destination)).ThenBy(static mount => mount.Destination, StringComparer.Ordinal)];
    }

    static IEnumerable<OciMount> Kernel(Container container)
    {
        HostSettings host = container.Host;
        string access = host.Privileged ? "rw" : "ro";
        long shmBytes = host.ShmSize > 0 ? host.ShmSize : DefaultShmBytes;
        yield return new("/proc", "proc", "proc", ["nosuid", "noexec", "nodev"]);
        yield return new("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]);
        yield return new("/dev/pts", "devpts", "devpts", ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]);
        yield return NetworkMode.IsHost(container)
            // A sysfs belongs to the network namespace; one that is not the container's own cannot be mounted anew.
            ? new("/sys", "bind", "/sys", ["rbind", "nosuid", "noexec", "nodev", access])
            : new("/sys", "sysfs", "sysfs", ["nosuid", "noexec", "nodev", access]);
        yield return new("/sys/fs/cgroup", "cgroup", "cgroup", [access, "nosuid", "noexec", "nodev"]);
        yield return host.IpcMode == "host"
            ? new("/dev/mqueue", "bind", "/dev/mqueue", ["bind", "nosuid", "noexec", "nodev"])
            : new("/dev/mqueue", "mqueue", "mqueue", ["nosuid", "noexec", "nodev"]);
        if (host.IpcMode == "host")
            yield return new("/dev/shm", "bind", "/dev/shm", ["bind", "rprivate"]);
        else if (host.IpcMode != "none")
            yield return new("/dev/shm", "tmpfs", "shm", ["nosuid", "noexec", "nodev", "mode=1777", string.Create(CultureInfo.InvariantCulture, $"size={shmBytes}")]);
    }

    static IEnumerable<OciMount> Own(SpecInput input)
    {
        Container container = input.Container;
        HashSet<string> taken = [.. container.Mounts.Select(static mount => mount.Destination)];
        foreach ((string source, string destination) in EngineFiles(container))
        {
            if (!taken.Contains(destination))
                yield return new(destination, "bind", source, ["rbind", "rprivate", container.Host.ReadonlyRootfs ? "ro" : "rw"]);
        }

        foreach ((string destination, string options) in container.Host.Tmpfs ?? new Dictionary<string, string>())
            yield return new(ContainerPath.Clean(destination), "tmpfs", "tmpfs", TmpfsFlags.Parse(options));
        foreach (MountPoint mount in container.Mounts)
            yield return Of(mount, input);
    }

    static IEnumerable<(string Source, string Destination)> EngineFiles(Container container) =>
    [
        (container.ResolvConfPath, "/etc/resolv.conf"),
        (container.HostnamePath, "/etc/hostname"),
        (container.HostsPath, "/etc/hosts"),
    ];

    static OciMount Of(MountPoint mount, SpecInput input)
    {
        if (mount.Type == MountRules.Tmpfs)
            return new(mount.Destination, "tmpfs", "tmpfs", mount.Detail?.TmpfsOptions ?? []);
        bool isAlone = mount.Detail?.NonRecursive == true;
        string asked = mount.Propagation.Length > 0 ? mount.Propagation : "rprivate";
        // The same for a mount that has none below; crun takes the "r" of the propagation for one of the bind.
        string propagation = isAlone ? asked.TrimStart('r') : asked;
        string bind = isAlone ? "bind" : "rbind";
        string source = input.MountSources.GetValueOrDefault(mount.Destination, mount.Source);
        bool showsTree = !isAlone && !input.FileMounts.Contains(mount.Destination);
        // A runtime that sets flags sets all of them: what the source's mount forbids would be allowed. And who may write to what is read-only cannot.
        IReadOnlyList<string> restrictions = input.MountRestrictions.GetValueOrDefault(mount.Destination, []);
        IEnumerable<string> access = Access(mount, showsTree, input.Features);
        if (restrictions.Contains("ro")) access = access.Where(static option => option != "rw");
        return new(mount.Destination, "bind", source, [bind, propagation, .. restrictions.Union(access)]);
    }

    // Read-only holds for what is mounted below too, as far as the kernel can do that; a user can insist on it, or on the opposite.
    static IEnumerable<string> Access(MountPoint mount, bool showsTree, HostFeatures features)
    {
        bool topmost = mount.Detail?.ReadOnlyNonRecursive == true;
        bool insists = mount.Detail?.ReadOnlyForceRecursive == true;
        if (mount.RW)
        {
            return topmost ? throw StrakeException.Invalid("mount options conflict: !ReadOnly && BindOptions.ReadOnlyNonRecursive")
                : insists ? throw StrakeException.Invalid("mount options conflict: !ReadOnly && BindOptions.ReadOnlyForceRecursive")
                : ["rw"];
        }

        if (topmost && insists)
            throw StrakeException.Invalid("mount options conflict: ReadOnlyNonRecursive && BindOptions.ReadOnlyForceRecursive");
        if (insists && !features.RecursiveReadOnly)
            throw StrakeException.NotSupported($"recursive read-only mounts are not supported by this kernel, and the mount at {mount.Destination} insists on one");
        // Where there is nothing below it is not asked for: crun would take along what is below a directory, and refuses a file.
        return topmost || !showsTree || !features.RecursiveReadOnly ? ["ro"] : ["ro", "rro"];
    }
}
