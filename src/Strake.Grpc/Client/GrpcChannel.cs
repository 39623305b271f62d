using System.Net;

namespace Strake.Grpc;

/// <summary>The way to a server of calls: over a stream that is there, a unix socket, or TCP.</summary>
/// <remarks>
/// Thread-safe; calls share one connection, opened when it is first needed, and again after it has ended. A server that cannot be reached is
/// tried again with growing pauses; meanwhile calls fail at once with Unavailable, or wait where <see cref="GrpcCallOptions.WaitForReady"/> says so.
/// </remarks>
/// <example><code>
/// using var channel = GrpcChannel.To(GrpcAddress.Parse("unix:///csi/csi.sock"), new GrpcChannelOptions());
/// ProbeResponse response = await channel.CallAsync(Identity.Probe, new ProbeRequest(), GrpcCallOptions.None, cancellationToken);
/// </code></example>
public sealed class GrpcChannel : IDisposable
{
    readonly CancellationTokenSource closed = new();
    // One, and for a while the one before, on which calls are not over yet.
    readonly HashSet<Stream> connections = [];
    readonly HttpMessageInvoker invoker;
    readonly Connector? connector;

    GrpcChannel(Connector connector, GrpcChannelOptions options)
        : this(connector.ConnectAsync, options) => this.connector = connector;

    GrpcChannel(Func<CancellationToken, ValueTask<Stream>> connect, GrpcChannelOptions options)
    {
        Options = options;
        invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellationToken) => ConnectAsync(connect, cancellationToken),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            InitialHttp2StreamWindowSize = options.WindowBytes,
            MaxResponseHeadersLength = Math.Max(1, options.MaxMetadataBytes / 1024),
            KeepAlivePingDelay = options.KeepAlive,
            KeepAlivePingTimeout = options.KeepAliveTimeout,
        });
    }

    /// <summary>Ends with the channel.</summary>
    internal CancellationToken Closed => closed.Token;

    /// <summary>Why the server cannot be reached at the moment; null as far as is known it can.</summary>
    internal string? Trouble => connector?.Failure?.Message;

    /// <summary>The other side, as messages name it.</summary>
    internal string Peer => connector?.Address.ToString() ?? "the other side";

    /// <summary>How the channel treats its connection and its calls.</summary>
    internal GrpcChannelOptions Options { get; }

    /// <summary>A channel over a stream whose other end serves calls. When the stream ends, calls fail with Unavailable.</summary>
    /// <param name="connection">The stream, nothing has been sent on it; disposed with the channel, or when the connection ends.</param>
    /// <param name="options">How connection and calls are treated.</param>
    public static GrpcChannel Over(Stream connection, GrpcChannelOptions options)
    {
        int taken = 0;
        return new GrpcChannel(
            _ => Interlocked.Exchange(ref taken, 1) == 0
                ? ValueTask.FromResult(connection)
                : ValueTask.FromException<Stream>(new IOException("the connection is gone")),
            options);
    }

    /// <summary>A channel to an address; nothing is connected yet.</summary>
    /// <param name="address">Where the server listens.</param>
    /// <param name="options">How connection and calls are treated.</param>
    public static GrpcChannel To(GrpcAddress address, GrpcChannelOptions options) => new(new Connector(address, options), options);

    /// <summary>A channel to a unix socket; nothing is connected yet.</summary>
    /// <param name="path">The socket.</param>
    /// <param name="options">How connection and calls are treated.</param>
    /// <exception cref="FormatException">The path is not absolute, or too long.</exception>
    public static GrpcChannel ToUnixSocket(string path, GrpcChannelOptions options) => To(GrpcAddress.Unix(path), options);

    /// <summary>One message there, one back.</summary>
    /// <param name="method">The method.</param>
    /// <param name="request">The message.</param>
    /// <param name="options">What goes with it.</param>
    /// <param name="cancellationToken">Gives the call up; the server is told.</param>
    /// <exception cref="GrpcException">The call did not end well; Unavailable where the server cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">The token ended it.</exception>
    public Task<TResponse> CallAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class =>
        new UnaryCall(this, options, cancellationToken).RunAsync(method, request);

    /// <summary>Begins a call with streams; messages go and come as the method says.</summary>
    /// <param name="method">The method.</param>
    /// <param name="options">What goes with it.</param>
    /// <param name="cancellationToken">Gives the whole call up; the server is told.</param>
    /// <returns>The call; the caller disposes it, which gives it up where it is not over.</returns>
    public GrpcCall<TRequest, TResponse> Open<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, GrpcCallOptions options, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class =>
        new(this, method, request: null, options, cancellationToken);

    /// <summary>Begins a call with one request and many responses.</summary>
    /// <inheritdoc cref="Open{TRequest, TResponse}(GrpcMethod{TRequest, TResponse}, GrpcCallOptions, CancellationToken)"/>
    public GrpcCall<TRequest, TResponse> Open<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class =>
        new(this, method, request, options, cancellationToken);

    /// <summary>Closes the connection; calls that are not over fail with Unavailable.</summary>
    public void Dispose()
    {
        closed.Cancel();
        invoker.Dispose();
        // The handler alone would wait for the calls.
        Stream[] open;
        lock (connections) open = [.. connections];
        foreach (Stream connection in open) connection.Dispose();
    }

    async ValueTask<Stream> ConnectAsync(Func<CancellationToken, ValueTask<Stream>> connect, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Closed);
        var connection = new RepeatedMetadataStream(await connect(either.Token), Forget);
        lock (connections) connections.Add(connection);
        // Closed meanwhile, perhaps before anybody could see it.
        if (Closed.IsCancellationRequested) await connection.DisposeAsync();
        return connection;
    }

    void Forget(Stream connection)
    {
        lock (connections) connections.Remove(connection);
    }

    /// <summary>Sends a call's request; completes when the response's headers are there.</summary>
    internal Task<HttpResponseMessage> SendAsync(Uri method, HttpContent content, GrpcCallOptions options, CancellationToken cancellationToken) =>
        options.WaitForReady && connector is not null
            ? SendWhenReadyAsync(connector, method, content, options, cancellationToken)
            : invoker.SendAsync(MakeRequest(method, content, options), cancellationToken);

    // Nothing of a call has left while there is no connection, so that it can begin again as it is.
    async Task<HttpResponseMessage> SendWhenReadyAsync(
        Connector connecting, Uri method, HttpContent content, GrpcCallOptions options, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await invoker.SendAsync(MakeRequest(method, content, options), cancellationToken);
            }
            catch (HttpRequestException e) when (ConnectException.CauseOf(e) is not null)
            {
                await connecting.PauseAsync(cancellationToken.CanBeCanceled ? cancellationToken : Closed);
            }
        }
    }

    static HttpRequestMessage MakeRequest(Uri method, HttpContent content, GrpcCallOptions options)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        if (options.Timeout is { } timeout) request.Headers.TryAddWithoutValidation(GrpcTimeout.Header, GrpcTimeout.Format(timeout));
        if (options.Metadata.Count == 0) return request;
        foreach ((string name, string value) in RepeatedMetadataStream.Join(options.Metadata)) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
