using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Strake.Grpc;

/// <summary>A server of calls on sockets of its own: unix sockets and TCP ports without TLS (<c>h2c</c>).</summary>
/// <remarks>
/// Listening begins with <see cref="StartAsync"/> and ends with <see cref="StopAsync"/>, which lets calls end in their time;
/// <see cref="DisposeAsync"/> does the same where it was not done.
/// </remarks>
/// <example><code>
/// var server = new GrpcServer([GrpcHandler.Unary(Identity.Probe, (request, call) => Task.FromResult(new ProbeResponse()))], new());
/// await using GrpcHost host = await GrpcHost.StartAsync(server, new GrpcHostOptions { Addresses = [GrpcAddress.Parse("unix:///csi/csi.sock")] }, cancellationToken);
/// </code></example>
public sealed class GrpcHost : IAsyncDisposable
{
    // Fields are counted apart from their bytes; enough for long lists of small ones.
    const int MaxMetadataEntries = 1000;

    // HTTP/2 takes 16 KiB and more (RFC 9113, 4.2).
    const int MinHeaderBytes = 16 * 1024;

    // A client that is gone without a word, or never says one, is not kept for ever. Who comes again connects again.
    static readonly TimeSpan s_idle = TimeSpan.FromMinutes(10);
    static readonly TimeSpan s_ping = TimeSpan.FromMinutes(1);

    readonly KestrelServer kestrel;
    readonly CallApplication application;
    readonly GrpcHostOptions options;
    readonly List<GrpcAddress> addresses = [];
    readonly Lock ending = new();
    Task? stopped;

    GrpcHost(GrpcServer server, GrpcHostOptions options)
    {
        this.options = options;
        application = new CallApplication(server);
        var sockets = new ListenSocket(options.SocketMode);
        var transport = new SocketTransportOptions
        {
            CreateBoundListenSocket = endPoint =>
            {
                Socket socket = sockets.Bind(endPoint);
                addresses.Add(socket.LocalEndPoint is IPEndPoint bound ? GrpcAddress.Of(bound) : GrpcAddress.Of(endPoint));
                return socket;
            },
        };
        kestrel = new KestrelServer(Options.Create(Settings(options)), new SocketTransportFactory(Options.Create(transport), options.Logs), options.Logs);
    }

    /// <summary>Where it listens: as asked for, with the port that was given for port 0.</summary>
    public IReadOnlyList<GrpcAddress> Addresses => addresses;

    /// <summary>Begins to listen and to answer.</summary>
    /// <param name="server">Answers the calls.</param>
    /// <param name="options">Where, and within which limits.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The host; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">There is no address, or a name to be looked up, which is for clients.</exception>
    /// <exception cref="IOException">An address cannot be had: something else listens there, for one. Nothing listens then.</exception>
    public static async Task<GrpcHost> StartAsync(GrpcServer server, GrpcHostOptions options, CancellationToken cancellationToken)
    {
        if (options.Addresses.Count == 0) throw new ArgumentException("a host needs an address", nameof(options));
        var host = new GrpcHost(server, options);
        try
        {
            await host.kestrel.StartAsync(host.application, cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops listening, lets calls end that are under way, and cuts off those that take longer than <see cref="GrpcHostOptions.Grace"/>. A repeat waits for the first.</summary>
    /// <param name="cancellationToken">Cuts them off at once.</param>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (ending) return stopped ??= StopOnceAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        kestrel.Dispose();
    }

    async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        // Unix sockets' files go with their sockets, so that one who starts at once finds its place free and keeps it.
        await application.StopAsync();
        using var grace = new CancellationTokenSource(options.Grace, options.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(grace.Token, cancellationToken);
        await kestrel.StopAsync(end.Token);
    }

    static KestrelServerOptions Settings(GrpcHostOptions options)
    {
        var settings = new KestrelServerOptions { AddServerHeader = false };
        foreach (GrpcAddress address in options.Addresses) settings.Listen(Listening(address), static listen => listen.Protocols = HttpProtocols.Http2);
        KestrelServerLimits limits = settings.Limits;
        // Calls live as long as they live; their messages have a limit each.
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.KeepAliveTimeout = s_idle;
        limits.MaxConcurrentConnections = options.MaxConnections;
        limits.MaxRequestHeaderCount = MaxMetadataEntries;
        limits.MaxRequestHeadersTotalSize = options.MaxMetadataBytes;
        limits.Http2.MaxRequestHeaderFieldSize = Math.Max(MinHeaderBytes, options.MaxMetadataBytes);
        limits.Http2.MaxStreamsPerConnection = options.MaxCallsPerConnection;
        limits.Http2.KeepAlivePingDelay = s_ping;
        return settings;
    }

    static EndPoint Listening(GrpcAddress address) => address.EndPoint switch
    {
        DnsEndPoint { Host: "localhost" } local => new IPEndPoint(IPAddress.Loopback, local.Port),
        DnsEndPoint name => throw new ArgumentException($"{address}: a host listens on an IP address, not on the name {name.Host}", nameof(address)),
        EndPoint endPoint => endPoint,
    };
}
