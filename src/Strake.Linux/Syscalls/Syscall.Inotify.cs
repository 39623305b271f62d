using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

public static partial class Syscall
{
    internal static SafeFileHandle InotifyInit()
    {
        const int nonBlocking = 0x800;
        var descriptor = inotify_init1(nonBlocking | CloseOnExec);
        return descriptor >= 0 ? Own(descriptor) : throw Failure("inotify_init1");
    }

    internal static int InotifyAddWatch(SafeFileHandle inotify, ReadOnlySpan<byte> path, InotifyEvents events)
    {
        PathBytes.Require(path);
        var watch = inotify_add_watch(inotify, path, (uint)events);
        return watch >= 0 ? watch : throw Failure("inotify_add_watch", WorkingDirectory, path);
    }

    // EINVAL: the watch is gone already, with its file.
    internal static bool InotifyRemoveWatch(SafeFileHandle inotify, int watch)
    {
        if (inotify_rm_watch(inotify, watch) == 0)
            return true;

        return LastError == Errno.EINVAL ? false : throw Failure("inotify_rm_watch");
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int inotify_init1(int flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int inotify_add_watch(SafeFileHandle inotify, ReadOnlySpan<byte> path, uint mask);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int inotify_rm_watch(SafeFileHandle inotify, int watch);
}
