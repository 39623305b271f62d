using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Daemon.Server;

/// <summary>Waits for the far end of a unix socket to be closed altogether, not only shut down for sending.</summary>
static class HangUp
{
    /// <summary>Completes when both directions are closed, at once if they are.</summary>
    /// <param name="socket">A connected unix socket; stays the caller's.</param>
    /// <param name="cancellationToken">Ends the wait; must be cancelled before the socket is closed.</param>
    public static async Task WaitAsync(Socket socket, CancellationToken cancellationToken)
    {
        // No event is asked for: a hang-up is told always.
        using var handle = new SafeFileHandle(socket.Handle, ownsHandle: false);
        await Readiness.WaitAsync(handle, PollEvents.None, cancellationToken);
    }
}
