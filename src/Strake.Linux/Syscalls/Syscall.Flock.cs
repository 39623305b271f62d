using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

public static partial class Syscall
{
    /// <summary>Locks an open file or gives the lock up, without waiting (<c>flock(2)</c> with LOCK_NB); false where another has it.</summary>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static bool TryFlock(SafeFileHandle file, LockKind kind)
    {
        const int nonBlocking = 4;
        while (flock(file, (int)kind | nonBlocking) < 0)
        {
            if (LastError == Errno.EAGAIN)
                return false;

            if (!Interrupted())
                throw Failure("flock", file);
        }

        return true;
    }

    /// <summary>Locks an open file; waits, on this thread, while another has it (<c>flock(2)</c>).</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void Flock(SafeFileHandle file, LockKind kind)
    {
        while (flock(file, (int)kind) < 0)
        {
            if (!Interrupted())
                throw Failure("flock", file);
        }
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);
}
