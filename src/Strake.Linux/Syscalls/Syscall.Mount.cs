using System.Runtime.InteropServices;

namespace Strake.Linux;

public static partial class Syscall
{
    /// <summary>Mounts, binds, moves or changes a mount, as the flags say (<c>mount(2)</c>). <see cref="Linux.Mount"/> does it in the right steps.</summary>
    /// <param name="source">The device, directory or name; null where the flags need none.</param>
    /// <param name="target">Where.</param>
    /// <param name="type">The file system's type; null where the flags need none.</param>
    /// <param name="flags">How.</param>
    /// <param name="data">Options of the file system, at most a page less a byte: the kernel cuts off the rest silently, so more is refused here.</param>
    /// <exception cref="LinuxException">The call failed; E2BIG where the data is too long.</exception>
    public static void Mount(string? source, string target, string? type, MountFlags flags, string? data = null)
    {
        var bytes = OrNull(data);
        if (bytes.Length > Environment.SystemPageSize)
            throw new LinuxException(Errno.E2BIG, "mount", target, $"the options take {bytes.Length} bytes");

        if (mount(OrNull(source), PathBytes.Encode(target), OrNull(type), (nuint)(ulong)flags, bytes) < 0)
            throw Failure("mount", WorkingDirectory, PathBytes.Encode(target));
    }

    /// <summary>Unmounts (<c>umount2(2)</c>).</summary>
    /// <exception cref="LinuxException">The call failed; EBUSY while it is used, EINVAL where nothing is mounted.</exception>
    public static void Unmount(string target, UnmountFlags flags = UnmountFlags.None)
    {
        if (!TryUnmount(target, flags))
            throw new LinuxException(Errno.EINVAL, "umount2", target);
    }

    /// <summary>Unmounts; false where nothing is mounted or the target does not exist (EINVAL, ENOENT).</summary>
    /// <exception cref="LinuxException">The call failed otherwise; EBUSY while it is used.</exception>
    public static bool TryUnmount(string target, UnmountFlags flags = UnmountFlags.None)
    {
        var path = PathBytes.Encode(target);
        if (umount2(path, (int)flags) == 0)
            return true;

        return LastError is Errno.EINVAL or Errno.ENOENT ? false : throw Failure("umount2", WorkingDirectory, path);
    }

    // A null span is a null pointer.
    static ReadOnlySpan<byte> OrNull(string? text) => string.IsNullOrEmpty(text) ? default : PathBytes.Encode(text);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int mount(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> target, ReadOnlySpan<byte> type, nuint flags, ReadOnlySpan<byte> data);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int umount2(ReadOnlySpan<byte> target, int flags);
}
