using System.Net;

namespace Strake.Images;

/// <summary>The connections to registries, pooled by whom they believe. Nothing is made before the first request.</summary>
sealed class RegistryHandlers(RegistryClientOptions options) : IDisposable
{
    // Registries with certificates of their own; what is beyond that is made anew each time, and its connections end by themselves.
    const int Most = 64;

    readonly Lock gate = new();
    readonly Dictionary<string, HttpMessageInvoker> known = new(StringComparer.Ordinal);
    bool isDisposed;

    /// <summary>The connections for some settings; changed files of certificates count at once.</summary>
    /// <exception cref="StrakeException">Invalid: a file of certificates, or the address of a proxy.</exception>
    /// <exception cref="ObjectDisposedException">The client is closed.</exception>
    public HttpMessageInvoker For(RegistryTls tls)
    {
        var key = tls.Key();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            if (known.TryGetValue(key, out var found)) return found;
            if (known.Count >= Most) known.Clear();
            return known[key] = Make(tls);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            foreach (var one in known.Values) one.Dispose();
            known.Clear();
        }
    }

    // HTTP/1.1 alone: layers that come at the same time have a connection each, and so do not wait for one another's lost packets.
    HttpMessageInvoker Make(RegistryTls tls) => new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        // Redirects decide who sees credentials, compression is part of what digests name, and nobody wants to be recognised.
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ConnectTimeout = options.ConnectTimeout,
        // A refusal comes before the body is sent.
        Expect100ContinueTimeout = TimeSpan.FromSeconds(1),
        MaxConnectionsPerServer = 32,
        MaxResponseHeadersLength = 64,
        MaxResponseDrainSize = 64 << 10,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        Proxy = options.Proxy ?? RegistryProxy.FromEnvironment(Environment.GetEnvironmentVariable),
        SslOptions = tls.Options(),
    });
}
