using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

public static partial class Syscall
{
    /// <summary>Takes or gives back the space of a range of a file (<c>fallocate(2)</c>); offsets in bytes.</summary>
    /// <exception cref="LinuxException">The call failed; EOPNOTSUPP where the file system cannot.</exception>
    public static void Fallocate(SafeFileHandle file, AllocateMode mode, long offset, long length)
    {
        while (fallocate(file, (int)mode, offset, length) < 0)
        {
            if (!Interrupted())
                throw Failure("fallocate", file);
        }
    }

    /// <summary>Makes a hole of a range: it reads as zeros and takes no space.</summary>
    /// <exception cref="LinuxException">The call failed; EOPNOTSUPP where the file system cannot.</exception>
    public static void PunchHole(SafeFileHandle file, long offset, long length) =>
        Fallocate(file, AllocateMode.PunchHole | AllocateMode.KeepSize, offset, length);

    /// <summary>Sets a file's length (<c>ftruncate(2)</c>); bytes. What is added is a hole.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void Ftruncate(SafeFileHandle file, long length)
    {
        while (ftruncate(file, length) < 0)
        {
            if (!Interrupted())
                throw Failure("ftruncate", file);
        }
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int fallocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int ftruncate(SafeFileHandle file, long length);
}
