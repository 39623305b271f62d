using System.Net.Sockets;

namespace Strake.Grpc.Tests.Fuzz;

/// <summary>Bytes without an end, by somebody who reads no answer.</summary>
static class Flood
{
    const int MaxBytes = 128 * 1024 * 1024;

    static readonly TimeSpan s_blocked = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Sends a piece over and over, until the other side closes the connection or takes no more: it keeps something for each answer that it cannot
    /// send, so that one of both must come.
    /// </summary>
    /// <returns>How many bytes it took.</returns>
    public static async Task<int> SendAsync(Socket socket, byte[] piece, CancellationToken cancellationToken)
    {
        byte[] many = [.. Enumerable.Repeat(piece, Math.Max(1, 32 * 1024 / piece.Length)).SelectMany(static part => part)];
        int sent = 0;
        try
        {
            while (sent < MaxBytes)
            {
                using var blocked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                blocked.CancelAfter(s_blocked);
                sent += await socket.SendAsync(many, blocked.Token);
            }
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return sent;
        }

        Assert.Fail($"{sent} bytes were taken, and no answer was read");
        return sent;
    }
}
