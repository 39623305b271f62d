using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <remarks>epoll is used by <see cref="Readiness"/> alone.</remarks>
public static partial class Syscall
{
    // struct epoll_event is packed on x86_64 and only there: events 4, data 8.
    static readonly int EpollDataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    static readonly int EpollEventSize = EpollDataAt + 8;

    internal static SafeFileHandle EpollCreate()
    {
        var descriptor = epoll_create1(CloseOnExec);
        return descriptor >= 0 ? Own(descriptor) : throw Failure("epoll_create1");
    }

    internal static void EpollAdd(SafeFileHandle epoll, SafeFileHandle file, PollEvents events, ulong data)
    {
        const int add = 1;
        const uint oneShot = 1u << 30;
        Span<byte> @event = stackalloc byte[EpollEventSize];
        BinaryPrimitives.WriteUInt32LittleEndian(@event, (uint)events | oneShot);
        BinaryPrimitives.WriteUInt64LittleEndian(@event[EpollDataAt..], data);
        if (epoll_ctl(epoll, add, file, @event) < 0)
            throw Failure("epoll_ctl", file);
    }

    // A file that was not added (ENOENT, EPERM) is off as well.
    internal static void EpollRemove(SafeFileHandle epoll, SafeFileHandle file)
    {
        const int delete = 2;
        if (epoll_ctl(epoll, delete, file, default) < 0 && LastError is not (Errno.ENOENT or Errno.EPERM))
            throw Failure("epoll_ctl", file);
    }

    internal static int EpollWait(SafeFileHandle epoll, (ulong Data, PollEvents Events)[] ready)
    {
        Span<byte> events = stackalloc byte[EpollEventSize * ready.Length];
        int count;
        while ((count = epoll_wait(epoll, events, ready.Length, -1)) < 0)
        {
            if (!Interrupted())
                throw Failure("epoll_wait");
        }

        for (var i = 0; i < count; i++)
        {
            var @event = events.Slice(i * EpollEventSize, EpollEventSize);
            ready[i] = (BinaryPrimitives.ReadUInt64LittleEndian(@event[EpollDataAt..]), (PollEvents)BinaryPrimitives.ReadUInt32LittleEndian(@event));
        }

        return count;
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int epoll_ctl(SafeFileHandle epoll, int operation, SafeFileHandle file, ReadOnlySpan<byte> @event);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int epoll_wait(SafeFileHandle epoll, Span<byte> events, int count, int milliseconds);
}
