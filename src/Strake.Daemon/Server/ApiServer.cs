using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Strake.Daemon.Server;

/// <summary>Kestrel, bare: listeners, limits and one application. No host, no container of services, no middleware but ours.</summary>
/// <remarks>Half the start-up time and two thirds of the memory of the usual host, which does nothing for us.</remarks>
sealed class ApiServer : IAsyncDisposable
{
    /// <summary>How long open requests may take to end at a shut-down before they are cut off.</summary>
    static readonly TimeSpan s_grace = TimeSpan.FromSeconds(3);

    /// <summary>Room for a long list of filters.</summary>
    const int RequestLineBytes = 64 * 1024;

    readonly KestrelServer server;
    readonly HandedConnections handed;
    readonly HttpApplication application;
    readonly IReadOnlyList<ListenAddress> addresses;
    readonly TimeProvider time;

    /// <summary>Prepares the server; nothing listens yet.</summary>
    public ApiServer(
        IReadOnlyList<ListenAddress> addresses, DaemonSocket sockets, HttpApplication application, TimeProvider time, ILoggerFactory logs)
    {
        this.addresses = addresses;
        this.application = application;
        this.time = time;
        var options = new KestrelServerOptions { AddServerHeader = false };
        SetLimits(options.Limits);
        var transport = new SocketTransportOptions { CreateBoundListenSocket = sockets.Bind };
        handed = new HandedConnections(new SocketTransportFactory(Options.Create(transport), logs));
        foreach (ListenAddress address in addresses) options.Listen(address.EndPoint, Configure);
        options.Listen(handed.EndPoint, static listen => listen.Protocols = HttpProtocols.Http2);
        server = new KestrelServer(Options.Create(options), handed, logs);
    }

    /// <summary>Begins to listen and to answer.</summary>
    /// <exception cref="StrakeException">Unavailable: an address cannot be had.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => server.StartAsync(application, cancellationToken);

    /// <summary>Stops listening, lets requests that are being answered end, cuts off what does not.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var patience = new CancellationTokenSource(s_grace, time)) await server.StopAsync(patience.Token);
        server.Dispose();
        foreach (ListenAddress address in addresses)
            if (address.Path is { } path) File.Delete(path);
    }

    void Configure(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection => ConnectionLifetime.RunAsync(connection, handed, time, next));
    }

    static void SetLimits(KestrelServerLimits limits)
    {
        // Archives of any length come and go as slowly as their source; JSON bodies have their own limit.
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.MaxRequestLineSize = RequestLineBytes;
        limits.MaxConcurrentConnections = 8192;
        // Each call that is under way is a stream.
        limits.Http2.MaxStreamsPerConnection = 1000;
    }
}
