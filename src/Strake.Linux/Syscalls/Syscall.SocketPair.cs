using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Strake.Linux;

public static partial class Syscall
{
    internal static (SafeSocketHandle First, SafeSocketHandle Second) SocketPair(SocketType type)
    {
        const int unix = 1;
        Span<int> ends = stackalloc int[2];

        // SOCK_STREAM 1, SOCK_DGRAM 2, SOCK_SEQPACKET 5: as in .NET. SOCK_CLOEXEC is O_CLOEXEC.
        return socketpair(unix, (int)type | CloseOnExec, 0, ends) == 0
            ? (new(ends[0], ownsHandle: true), new(ends[1], ownsHandle: true))
            : throw Failure("socketpair");
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int socketpair(int domain, int type, int protocol, Span<int> ends);
}
