using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Strake.Daemon.Server;

/// <summary>
/// A listener that is handed its connections: those that began as something else and speak HTTP/2 from here on. Beside it stands the
/// transport that makes all others.
/// </summary>
/// <param name="sockets">The transport of real addresses.</param>
sealed class HandedConnections(IConnectionListenerFactory sockets) : IConnectionListenerFactory, IConnectionListener
{
    // Whoever hands over waits for the end of its connection: there are never more than there are connections.
    readonly Channel<HandedConnection> waiting = Channel.CreateUnbounded<HandedConnection>();
    long handedCount;

    /// <inheritdoc/>
    public EndPoint EndPoint { get; } = new HandedEndPoint();

    /// <summary>Has HTTP/2 served on a connection; completes when it is over.</summary>
    /// <param name="transport">Its bytes; nothing has been read of them.</param>
    /// <param name="closed">Ends when the other side has gone.</param>
    /// <param name="abort">Cuts the connection off.</param>
    /// <exception cref="StrakeException">Unavailable: the daemon goes down.</exception>
    public async Task ServeAsync(System.IO.Pipelines.IDuplexPipe transport, CancellationToken closed, Action abort)
    {
        var connection = new HandedConnection($"handed-{Interlocked.Increment(ref handedCount)}", transport, closed, abort);
        if (!waiting.Writer.TryWrite(connection)) throw StrakeException.Unavailable("the daemon is shutting down");
        await connection.Ended;
    }

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        endpoint is HandedEndPoint ? ValueTask.FromResult<IConnectionListener>(this) : sockets.BindAsync(endpoint, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await waiting.Reader.WaitToReadAsync(cancellationToken) && waiting.Reader.TryRead(out HandedConnection? connection) ? connection : null;

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        waiting.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => UnbindAsync();
}
