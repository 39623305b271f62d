using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;

namespace Strake.Images;

/// <summary>The engine's way to registries. Connections are kept and shared; rights are each caller's own. Thread-safe; costs nothing until it is used.</summary>
/// <param name="options">How registries are reached.</param>
public sealed class RegistryClient(RegistryClientOptions options) : IDisposable
{
    // What a host was found to speak is asked again now and then: it may have learnt TLS.
    static readonly TimeSpan s_schemeLasts = TimeSpan.FromMinutes(5);

    readonly RegistryHosts hosts = new(options);
    readonly ConcurrentDictionary<RegistryHost, Lazy<HttpMessageInvoker>> pools = new(HostComparer.Instance);
    readonly ConcurrentDictionary<Uri, DateTimeOffset> plain = new();

    /// <summary>Opens a repository. Nothing is asked of the registry yet.</summary>
    /// <param name="reference">A name in it; its tag and digest do not matter.</param>
    /// <param name="credentials">Who asks; null: nobody.</param>
    public IRemoteRepository Open(ImageReference reference, RegistryCredentials? credentials) =>
        new RemoteRepository(reference, () => ConnectAsync(reference.Domain, credentials, CancellationToken.None), options);

    /// <summary>Asks a registry whether it lets somebody in: <c>docker login</c>.</summary>
    /// <param name="domain">The registry, as in a reference; Docker's own addresses of Docker Hub are understood.</param>
    /// <param name="credentials">Who.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="StrakeException">Unauthorized: it does not. Unavailable: it cannot be asked.</exception>
    public async Task VerifyAsync(string domain, RegistryCredentials credentials, CancellationToken cancellationToken)
    {
        var connection = (await ConnectAsync(DomainOf(domain), credentials, cancellationToken))[^1];
        using var response = await connection.SendAsync(new RegistryRequest(HttpMethod.Get, "", ""), cancellationToken);
        if (response.IsSuccessStatusCode) return;
        var fault = RegistryFault.Parse(response.StatusCode, await BoundedBody.ReadStartAsync(response, RegistryFault.MostBytes, cancellationToken));
        throw RegistryFailure.Of(response.StatusCode, fault);
    }

    /// <summary>Closes all connections.</summary>
    public void Dispose()
    {
        foreach (var pool in pools.Values)
        {
            if (pool.IsValueCreated) pool.Value.Dispose();
        }
    }

    // docker login without a server sends https://index.docker.io/v1/.
    static string DomainOf(string address)
    {
        var name = address.Replace("https://", "", StringComparison.Ordinal).Replace("http://", "", StringComparison.Ordinal).Split('/')[0];
        return name is "" or "index.docker.io" or "registry-1.docker.io" ? ImageReference.DefaultDomain : name;
    }

    async Task<IReadOnlyList<RegistryConnection>> ConnectAsync(string domain, RegistryCredentials? credentials, CancellationToken cancellationToken)
    {
        List<RegistryConnection> connections = [];
        foreach (var known in await hosts.FindAsync(domain, cancellationToken))
        {
            var host = known.MayBePlain ? await SpokenAsync(known, cancellationToken) : known;
            var pool = PoolOf(host);
            var access = new RegistryAccess(host.IsOrigin ? credentials : null, (request, token) => SendAsync(pool, request, token), options.Time);
            connections.Add(new RegistryConnection(host, pool, access, options));
        }

        return connections;
    }

    // As Docker does it: encryption first, and none only where the user allows it and the host has none.
    async Task<RegistryHost> SpokenAsync(RegistryHost host, CancellationToken cancellationToken)
    {
        if (plain.TryGetValue(host.Root, out var until) && until > options.Time.GetUtcNow()) return host.Plain();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, host.Root);
            using var response = await SendAsync(PoolOf(host), request, cancellationToken);
            return host;
        }
        catch (Exception e) when (RegistryRetry.IsNetwork(e))
        {
            plain[host.Root] = options.Time.GetUtcNow() + s_schemeLasts;
            return host.Plain();
        }
    }

    // Requests beside the registry's own: to token servers, and to find out what a host speaks.
    async Task<HttpResponseMessage> SendAsync(HttpMessageInvoker pool, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = options.Time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), deadline, options.AnswerTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            return await pool.SendAsync(request, deadline.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {options.AnswerTimeout.TotalSeconds:0} s", e);
        }
    }

    // Token servers are reached as the registry is: what the user said of its certificates holds for them, too.
    HttpMessageInvoker PoolOf(RegistryHost host) => pools.GetOrAdd(host, key => new Lazy<HttpMessageInvoker>(() => new HttpMessageInvoker(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
        MaxResponseHeadersLength = 64,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        SslOptions = key.Tls.Options(),
        ActivityHeadersPropagator = null,
    }))).Value;

    /// <summary>Hosts that one pool of connections may serve.</summary>
    sealed class HostComparer : IEqualityComparer<RegistryHost>
    {
        public static HostComparer Instance { get; } = new();

        public bool Equals(RegistryHost? one, RegistryHost? other) =>
            one?.Root.Authority == other?.Root.Authority && one?.Root.Scheme == other?.Root.Scheme && one?.Tls.SkipVerify == other?.Tls.SkipVerify
            && one!.Tls.Authorities.SequenceEqual(other!.Tls.Authorities) && one.Tls.Clients.SequenceEqual(other.Tls.Clients);

        public int GetHashCode(RegistryHost host) => HashCode.Combine(host.Root.Authority, host.Root.Scheme, host.Tls.SkipVerify, host.Tls.Authorities.Count);
    }
}
