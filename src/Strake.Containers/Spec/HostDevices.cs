using Strake.Containers.Oci;
using Strake.Linux;

namespace Strake.Containers.Spec;

/// <summary>Looks up the devices of the host that a container gets.</summary>
static class HostDevices
{
    // Of the container's own /dev, not of the host's.
    static readonly string[] Skipped = ["pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev", "console", "ptmx"];

    /// <summary>The devices asked for; all of them for a privileged container.</summary>
    /// <exception cref="StrakeException">Invalid: names a path that is no device.</exception>
    public static IReadOnlyList<HostDevice> Find(HostSettings host)
    {
        List<HostDevice> devices = [];
        if (host.Privileged)
            Walk("/dev", "/dev", "rwm", devices);
        foreach (DeviceMapping mapping in host.Devices ?? [])
            Add(mapping, devices);
        return [.. devices.DistinctBy(static device => device.Device.Path)];
    }

    static void Add(DeviceMapping mapping, List<HostDevice> devices)
    {
        string source = mapping.PathOnHost ?? "";
        string target = mapping.PathInContainer is { Length: > 0 } given ? given : source;
        string access = mapping.CgroupPermissions is { Length: > 0 } permissions ? permissions : "rwm";
        if (access.AsSpan().ContainsAnyExcept("rwm"))
            throw StrakeException.Invalid($"invalid device mode: {access}");

        // Links are followed, as in Docker: /dev/disk/by-id/… is what people name.
        FileStat stat;
        if (!source.StartsWith('/') || !Syscall.TryStatAt(Syscall.WorkingDirectory, source, out stat, AtFlags.None))
            throw StrakeException.Invalid($"error gathering device information while adding custom device \"{source}\": no such file or directory");
        if (Device(target, stat) is { } device)
            devices.Add(new HostDevice(device, access));
        else if (stat.Kind == FileKind.Directory)
            Walk(source, target, access, devices);
        else
            throw StrakeException.Invalid($"error gathering device information while adding custom device \"{source}\": not a device node");
    }

    static void Walk(string source, string target, string access, List<HostDevice> devices)
    {
        using var directory = Syscall.Open(source, OpenFlags.Directory);
        using var reader = new DirectoryReader(directory);
        while (reader.Read())
        {
            string name = PathBytes.Decode(reader.Name);
            if (Skipped.Contains(name) || !Syscall.TryStatAt(directory, reader.NameWithNul, out FileStat stat))
                continue;
            if (Device($"{target}/{name}", stat) is { } device)
                devices.Add(new HostDevice(device, access));
            else if (stat.Kind == FileKind.Directory && !stat.IsMountRoot)
                Walk($"{source}/{name}", $"{target}/{name}", access, devices);
        }
    }

    /// <summary>A file as a device; null: it is none.</summary>
    public static OciDevice? Device(string path, in FileStat stat)
    {
        string? type = stat.Kind switch
        {
            FileKind.CharacterDevice => "c",
            FileKind.BlockDevice => "b",
            _ => null,
        };
        return type is null
            ? null
            : new OciDevice(path, type, stat.DeviceItself.Major, stat.DeviceItself.Minor, (uint)stat.Mode, stat.Uid, stat.Gid);
    }
}
