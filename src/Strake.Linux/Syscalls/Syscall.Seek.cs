using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

public static partial class Syscall
{
    /// <summary>Moves a file's position (<c>lseek(2)</c>); returns it, in bytes.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static long Seek(SafeFileHandle file, long offset, SeekFrom from)
    {
        var position = lseek(file, offset, (int)from);
        return position >= 0 ? position : throw Failure("lseek", file);
    }

    /// <summary>The first data at or after an offset; null where only a hole follows. A file system without holes says that all is data.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static long? TrySeekData(SafeFileHandle file, long offset)
    {
        var position = lseek(file, offset, (int)SeekFrom.Data);
        if (position >= 0)
            return position;

        return LastError == Errno.ENXIO ? null : throw Failure("lseek", file);
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial long lseek(SafeFileHandle file, long offset, int whence);
}
