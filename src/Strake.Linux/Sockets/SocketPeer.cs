using System.Net.Sockets;

namespace Strake.Linux;

/// <summary>
/// Whether a peer has closed its connection or only its sending half. A read gives 0 for both; poll tells them apart on unix sockets: POLLIN|POLLRDHUP
/// for the half, POLLHUP besides for the whole. On TCP a close looks like a half-close until something is sent and answered by a reset.
/// </summary>
public static class SocketPeer
{
    /// <summary>Looks, without waiting and without reading.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static PeerState PollHangup(Socket socket) => Judge(Syscall.Poll(socket.SafeHandle, PollEvents.PeerShutDown, 0));

    /// <summary>Waits until the peer has closed the whole connection, however long it is half-closed before.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="LinuxException">The socket cannot be watched.</exception>
    public static async Task WaitForCloseAsync(Socket socket, CancellationToken cancellationToken)
    {
        // Asked for nothing, epoll tells only hang-ups and errors.
        while (Judge(await Readiness.WaitAsync(socket.SafeHandle, PollEvents.None, cancellationToken)) != PeerState.Closed)
        {
        }
    }

    static PeerState Judge(PollEvents events) => events switch
    {
        _ when (events & (PollEvents.HangUp | PollEvents.Error | PollEvents.Invalid)) != PollEvents.None => PeerState.Closed,
        _ when events.HasFlag(PollEvents.PeerShutDown) => PeerState.HalfClosed,
        _ => PeerState.Open,
    };
}
