using System.Runtime.InteropServices;

namespace Strake.Linux;

public static partial class Syscall
{
    /// <summary>
    /// Takes the pages of a mapping out of this process (<c>madvise(2)</c> with MADV_DONTNEED). Only for what nobody has written to: such pages
    /// come back from the file when they are touched; written ones would be lost.
    /// </summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    internal static void ReleasePages(nuint address, nuint length)
    {
        const int dontNeed = 4;
        if (madvise(address, length, dontNeed) < 0)
            throw Failure("madvise");
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int madvise(nuint address, nuint length, int advice);
}
