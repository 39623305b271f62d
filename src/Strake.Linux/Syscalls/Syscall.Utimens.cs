using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

public static partial class Syscall
{
    /// <summary>
    /// Sets a file's times to the nanosecond (<c>utimensat(2)</c>); a link is not followed unless the flags say so.
    /// <see cref="UnixTime.Omit"/> leaves one, <see cref="UnixTime.Now"/> takes the clock's.
    /// </summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void UtimensAt(
        SafeFileHandle directory, ReadOnlySpan<byte> path, UnixTime access, UnixTime modify, AtFlags flags = AtFlags.SymlinkNoFollow)
    {
        PathBytes.Require(path);
        var times = new Times { Access = access, Modify = modify };
        if (utimensat(directory, path, in times, (int)flags) < 0)
            throw Failure("utimensat", directory, path);
    }

    /// <summary>Sets the times of an open file (<c>futimens(3)</c>); of an O_PATH one with AT_EMPTY_PATH (since Linux 5.8).</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void Utimens(SafeFileHandle file, UnixTime access, UnixTime modify)
    {
        var times = new Times { Access = access, Modify = modify };
        if (utimensat(file, EmptyPath, in times, (int)AtFlags.EmptyPath) < 0)
            throw Failure("utimensat", file);
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int utimensat(SafeFileHandle directory, ReadOnlySpan<byte> path, in Times times, int flags);

    [StructLayout(LayoutKind.Sequential)]
    struct Times
    {
        public UnixTime Access;
        public UnixTime Modify;
    }
}
