using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

public static partial class Syscall
{
    /// <summary>Waits until a file's content and inode are on disk (<c>fsync(2)</c>); of a directory, its names.</summary>
    /// <exception cref="LinuxException">The call failed: what was written since the last success may be lost.</exception>
    public static void FSync(SafeFileHandle file)
    {
        while (fsync(file) < 0)
        {
            if (!Interrupted())
                throw Failure("fsync", file);
        }
    }

    /// <summary>Waits until a file's content, and what is needed to read it, is on disk (<c>fdatasync(2)</c>).</summary>
    /// <exception cref="LinuxException">The call failed: what was written since the last success may be lost.</exception>
    public static void FDataSync(SafeFileHandle file)
    {
        while (fdatasync(file) < 0)
        {
            if (!Interrupted())
                throw Failure("fdatasync", file);
        }
    }

    /// <summary>Waits until all of the file system that a file lies on is on disk (<c>syncfs(2)</c>).</summary>
    /// <exception cref="LinuxException">The call failed, or the file system could not write something since the last time (since Linux 5.8).</exception>
    public static void SyncFs(SafeFileHandle file)
    {
        if (syncfs(file) < 0)
            throw Failure("syncfs", file);
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int syncfs(SafeFileHandle file);
}
