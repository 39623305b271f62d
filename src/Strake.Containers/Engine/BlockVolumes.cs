using Strake.Containers.Mounts;
using Strake.Containers.Spec;
using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>Volumes whose content is a block device: a container gets the device at the volume's place, and not a mount.</summary>
static class BlockVolumes
{
    /// <summary>The devices that the volumes among a container's mounts are, each at its mount's place.</summary>
    /// <param name="mounts">Its mounts; volumes are mounted, their sources known.</param>
    public static IReadOnlyList<HostDevice> Of(IReadOnlyList<MountPoint> mounts)
    {
        List<HostDevice> devices = [];
        foreach (MountPoint mount in mounts.Where(static mount => mount.Type == MountRules.Volume))
        {
            // Links are followed: some drivers put one to the device.
            if (Syscall.TryStatAt(Syscall.WorkingDirectory, mount.Source, out FileStat stat, AtFlags.None)
                && stat.Kind is FileKind.BlockDevice && HostDevices.Device(mount.Destination, stat) is { } device)
            {
                devices.Add(new HostDevice(device, mount.RW ? "rwm" : "r"));
            }
        }

        return devices;
    }

    /// <summary>The other mounts.</summary>
    public static IReadOnlyList<MountPoint> Without(IReadOnlyList<HostDevice> devices, IReadOnlyList<MountPoint> mounts) =>
        devices.Count == 0 ? mounts : [.. mounts.Where(mount => !devices.Any(device => device.Device.Path == mount.Destination))];
}
