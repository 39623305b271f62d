using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Strake.Linux;

namespace Strake.Daemon.Server;

/// <summary>
/// Tells a client that has shut down its sending side from one that has gone. Kestrel takes the first for the second and drops the
/// response; Docker's client does it in every <c>docker run</c> without -i, and wants the output all the same.
/// </summary>
/// <remarks>
/// A connection middleware puts one in the place of each connection's <see cref="BaseConnectionContext.ConnectionClosed"/>, which the HTTP
/// layer above watches. On unix sockets the kernel tells the two apart: a hang-up (POLLHUP) means both sides are closed. On TCP a
/// half-closed connection looks like a closed one until something is written, so there only hijacked connections survive it.
/// </remarks>
sealed class ConnectionLifetime : IDisposable
{
    /// <summary>How long a client may say nothing after it has connected: as Kestrel waits between requests.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(130);

    readonly CancellationTokenSource closed = new();
    readonly CancellationTokenSource over = new();
    readonly ConnectionContext connection;
    readonly CancellationTokenRegistration registration;
    int hijacked;

    ConnectionLifetime(ConnectionContext connection)
    {
        this.connection = connection;
        registration = connection.ConnectionClosed.UnsafeRegister(static state => ((ConnectionLifetime)state!).OnReadingEnded(), this);
    }

    /// <summary>Runs a connection with the token replaced: the middleware.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="handed">Serves it where the client speaks HTTP/2 from the start; requests of HTTP/1.1 find it to hand their connection on.</param>
    /// <param name="time">The clock.</param>
    /// <param name="next">Serves it otherwise.</param>
    public static async Task RunAsync(ConnectionContext connection, HandedConnections handed, TimeProvider time, ConnectionDelegate next)
    {
        using var lifetime = new ConnectionLifetime(connection);
        connection.ConnectionClosed = lifetime.closed.Token;
        connection.Features.Set(lifetime);
        connection.Features.Set(handed);
        if (!await PriorKnowledge.SpeaksHttp2Async(connection, s_patience, time))
        {
            await next(connection);
            return;
        }

        lifetime.Hijack();
        await handed.ServeAsync(connection.Transport, lifetime.closed.Token, connection.Abort);
    }

    /// <summary>From now on only a hang-up ends the connection, over TCP too.</summary>
    public void Hijack() => Interlocked.Exchange(ref hijacked, 1);

    /// <inheritdoc/>
    public void Dispose()
    {
        over.Cancel();
        registration.Dispose();
        over.Dispose();
        // Not disposed: the wait for the hang-up may still be on its way to cancel it, and it holds nothing that needs it.
        GC.KeepAlive(closed);
    }

    // Runs on the transport's thread when the client has sent its last byte, whether or not it still listens.
    void OnReadingEnded()
    {
        Socket? socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;
        if (socket is { AddressFamily: AddressFamily.Unix }) _ = CloseAfterHangUpAsync(socket, over.Token);
        else if (Volatile.Read(ref hijacked) == 0) closed.Cancel();
    }

    async Task CloseAfterHangUpAsync(Socket socket, CancellationToken cancellationToken)
    {
        try
        {
            await SocketPeer.WaitForCloseAsync(socket, cancellationToken);
            await closed.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // The connection is over by itself; nobody watches the token any more.
        }
    }
}
