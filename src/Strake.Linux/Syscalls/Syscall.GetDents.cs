using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

public static partial class Syscall
{
    // Records of struct linux_dirent64, read by DirectoryReader; 0 at the end of the directory.
    internal static int GetDents64(SafeFileHandle directory, Span<byte> buffer)
    {
        var length = getdents64(directory, buffer, (nuint)buffer.Length);
        if (length >= 0)
            return (int)length;

        // The directory was removed while it was open: there is nothing in it.
        return LastError == Errno.ENOENT ? 0 : throw Failure("getdents64", directory);
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial nint getdents64(SafeFileHandle directory, Span<byte> buffer, nuint size);
}
