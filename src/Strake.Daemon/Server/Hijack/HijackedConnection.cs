using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Strake.Daemon.Server;

/// <summary>
/// A connection that has left HTTP after its request: raw bytes both ways, as attach and exec want it. The request's body must have been
/// read before.
/// </summary>
/// <remarks>
/// Kestrel's own upgrade refuses a request with a body, which exec start has; and what is written through its transport may be lost when
/// the connection is aborted at the end. So input is read from the transport's pipe, behind the request, and output goes to the socket.
/// The response is sent here, byte for byte what Docker sends.
/// </remarks>
sealed class HijackedConnection : IAsyncDisposable
{
    /// <summary>How long a client may take to close after it was told the end.</summary>
    static readonly TimeSpan s_lingering = TimeSpan.FromSeconds(2);

    readonly HttpContext http;
    readonly Socket socket;
    readonly PipeReader input;
    readonly TimeProvider time;

    HijackedConnection(HttpContext http, Socket socket, PipeReader input, TimeProvider time)
    {
        this.http = http;
        this.socket = socket;
        this.input = input;
        this.time = time;
        Input = new HijackedInput(input);
    }

    /// <summary>What the client sends; ends when it shuts down its sending side.</summary>
    public HijackedInput Input { get; }

    /// <summary>Ends when the client has gone altogether.</summary>
    public CancellationToken Gone => http.RequestAborted;

    /// <summary>Takes the connection over and answers the request.</summary>
    /// <param name="http">The request; nothing has been answered yet.</param>
    /// <param name="contentType">What the stream carries.</param>
    /// <param name="time">The clock of the lingering at the end.</param>
    /// <exception cref="StrakeException">NotSupported: the connection has no socket of its own to take.</exception>
    public static Task<HijackedConnection> TakeAsync(HttpContext http, string contentType, TimeProvider time) =>
        TakeAsync(http, Answer(http.Request, contentType), time);

    /// <summary>Takes the connection over for another protocol that the client has asked for.</summary>
    /// <param name="http">The request; nothing has been answered yet.</param>
    /// <param name="protocol">The only protocol that is served.</param>
    /// <param name="time">The clock of the lingering at the end.</param>
    /// <exception cref="StrakeException">Invalid: the client asks for another. NotSupported: the connection has no socket of its own to take.</exception>
    public static Task<HijackedConnection> UpgradeAsync(HttpContext http, string protocol, TimeProvider time)
    {
        string? asked = http.Request.Headers.Upgrade;
        if (!string.Equals(asked, protocol, StringComparison.OrdinalIgnoreCase))
            throw StrakeException.Invalid($"{http.Request.Path} is served on a connection that is upgraded to {protocol}; the request asks for {asked ?? "no upgrade"}");
        return TakeAsync(http, Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: {protocol}\r\n\r\n"), time);
    }

    static async Task<HijackedConnection> TakeAsync(HttpContext http, byte[] answer, TimeProvider time)
    {
        bool hasAll = http.Features.Get<IConnectionSocketFeature>() is not null
            && http.Features.Get<IConnectionTransportFeature>() is not null
            && http.Features.Get<ConnectionLifetime>() is not null;
        if (!hasAll) throw StrakeException.NotSupported("this listener cannot hand its connections over; use a unix socket or plain TCP");
        http.Features.GetRequiredFeature<ConnectionLifetime>().Hijack();
        var connection = new HijackedConnection(
            http,
            http.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket,
            http.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport.Input,
            time);
        await connection.WriteAsync(answer, http.RequestAborted);
        return connection;
    }

    /// <summary>Sends bytes; completes when the kernel has them. One caller at a time.</summary>
    /// <exception cref="IOException">The client has gone.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        try
        {
            while (!data.IsEmpty) data = data[await socket.SendAsync(data, SocketFlags.None, cancellationToken)..];
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new IOException("the client has closed the connection", e);
        }
    }

    /// <summary>Says the end of output, waits a little for the client to close, and gives the connection up.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Input.StopAsync();
            socket.Shutdown(SocketShutdown.Send);
            await DrainAsync();
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // The client was first: nothing is left to say.
        }

        http.Abort();
    }

    // Closing a unix socket with unread input makes the client's next read fail with ECONNRESET instead of ending.
    async Task DrainAsync()
    {
        using var patience = new CancellationTokenSource(s_lingering, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, Gone);
        try
        {
            ReadResult result;
            do
            {
                result = await input.ReadAsync(either.Token);
                input.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted);
        }
        catch (OperationCanceledException)
        {
            // Gone, or slower than a client that still listens.
        }
    }

    // moby writes these lines itself, too: clients that ask for an upgrade must get it, older ones read raw bytes behind a 200.
    static byte[] Answer(HttpRequest request, string contentType)
    {
        bool upgrade = request.Headers.Upgrade.Count > 0;
        string head = upgrade
            ? $"HTTP/1.1 101 UPGRADED\r\nContent-Type: {contentType}\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
            : $"HTTP/1.1 200 OK\r\nContent-Type: {contentType}\r\n";
        return Encoding.ASCII.GetBytes($"{head}Api-Version: {ApiVersion.Newest}\r\nDocker-Experimental: true\r\nOstype: linux\r\nServer: {HttpApplication.ServerName}\r\n\r\n");
    }
}
