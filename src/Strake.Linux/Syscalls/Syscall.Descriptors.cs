using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <remarks>Descriptors that lie in no tree: pipes, eventfds, files in memory, and copies of descriptors.</remarks>
public static partial class Syscall
{
    const int FcntlDuplicate = 1030; // F_DUPFD_CLOEXEC
    const int FcntlGetFlags = 3;     // F_GETFL
    const int FcntlSetFlags = 4;     // F_SETFL

    /// <summary>A pipe (<c>pipe2(2)</c>), close-on-exec; O_NONBLOCK for either end with <see cref="SetNonBlocking"/>. The caller disposes both ends.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static Pipe Pipe2()
    {
        Span<int> ends = stackalloc int[2];
        return pipe2(ends, CloseOnExec) == 0 ? new(Own(ends[0]), Own(ends[1])) : throw Failure("pipe2");
    }

    /// <summary>A counter to signal with (<c>eventfd(2)</c>), non-blocking and close-on-exec.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static SafeFileHandle EventFd(uint initial = 0)
    {
        const int nonBlocking = 0x800;
        var descriptor = eventfd(initial, CloseOnExec | nonBlocking);
        return descriptor >= 0 ? Own(descriptor) : throw Failure("eventfd");
    }

    /// <summary>A file in memory (<c>memfd_create(2)</c>), close-on-exec, gone with its last descriptor.</summary>
    /// <param name="name">Shown in /proc/self/fd as <c>memfd:name</c>; at most 249 bytes.</param>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static SafeFileHandle MemFdCreate(string name)
    {
        const uint closeOnExec = 1; // MFD_CLOEXEC
        var descriptor = memfd_create(PathBytes.Encode(name), closeOnExec);
        return descriptor >= 0 ? Own(descriptor) : throw Failure("memfd_create");
    }

    /// <summary>Another descriptor for the same open file, at or above a number (<c>fcntl(2)</c> F_DUPFD_CLOEXEC).</summary>
    /// <exception cref="LinuxException">The call failed; EMFILE where there are too many.</exception>
    public static SafeFileHandle Duplicate(SafeHandle handle, int atLeast = 3)
    {
        var descriptor = fcntl(handle, FcntlDuplicate, atLeast);
        return descriptor >= 0 ? Own(descriptor) : throw Failure("fcntl F_DUPFD_CLOEXEC");
    }

    /// <summary>Makes reads and writes of an open file return EAGAIN where they would wait, or wait again (O_NONBLOCK). All its descriptors share this.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void SetNonBlocking(SafeHandle handle, bool nonBlocking = true)
    {
        var flags = fcntl(handle, FcntlGetFlags, 0);
        var wanted = nonBlocking ? flags | (int)OpenFlags.NonBlocking : flags & ~(int)OpenFlags.NonBlocking;
        if (flags < 0 || fcntl(handle, FcntlSetFlags, wanted) < 0)
            throw Failure("fcntl F_SETFL");
    }

    /// <summary>Reads what is there (<c>read(2)</c>) from a pipe, eventfd or the like; for files there is <see cref="RandomAccess"/>.</summary>
    /// <returns>Bytes read; 0 at the end; -1 where a non-blocking descriptor has nothing now.</returns>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static int TryRead(SafeHandle handle, Span<byte> buffer)
    {
        while (true)
        {
            var count = read(handle, buffer, (nuint)buffer.Length);
            if (count >= 0)
                return (int)count;

            if (LastError == Errno.EAGAIN)
                return -1;

            if (!Interrupted())
                throw Failure("read");
        }
    }

    /// <summary>Writes what fits (<c>write(2)</c>) to a pipe, eventfd or the like.</summary>
    /// <returns>Bytes written; -1 where a non-blocking descriptor takes nothing now.</returns>
    /// <exception cref="LinuxException">The call failed otherwise; EPIPE where nobody reads.</exception>
    public static int TryWrite(SafeHandle handle, ReadOnlySpan<byte> buffer)
    {
        while (true)
        {
            var count = write(handle, buffer, (nuint)buffer.Length);
            if (count >= 0)
                return (int)count;

            if (LastError == Errno.EAGAIN)
                return -1;

            if (!Interrupted())
                throw Failure("write");
        }
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int pipe2(Span<int> ends, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int memfd_create(ReadOnlySpan<byte> name, uint flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int fcntl(SafeHandle handle, int command, long argument);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial nint read(SafeHandle handle, Span<byte> buffer, nuint size);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial nint write(SafeHandle handle, ReadOnlySpan<byte> buffer, nuint size);
}
