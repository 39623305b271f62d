using System.Net;
using System.Net.Http.Headers;

namespace Strake.Images;

/// <summary>Makes requests to one host of a registry: finds out how it is reached, shows what it has to, tries again what may pass.</summary>
/// <param name="host">The host.</param>
/// <param name="transport">The way to it.</param>
/// <param name="access">What to show; a mirror is shown nothing that was meant for the registry.</param>
/// <param name="plainHosts">What is known of hosts without encryption; shared.</param>
/// <param name="options">Times and bounds.</param>
sealed class RegistryConnection(
    RegistryHost host, RegistryTransport transport, RegistryAccess access, PlainHosts plainHosts, RegistryClientOptions options)
{
    // For messages alone.
    RegistryHost? lastTried;

    /// <summary>The host.</summary>
    public RegistryHost Host => host;

    /// <summary>The token for later logins that a login has got; empty: none.</summary>
    public string RefreshToken => access.RefreshToken;

    /// <summary>How often something is tried here. Where a mirror fails, the next host is the better try.</summary>
    public int Attempts => host.IsOrigin ? options.Attempts : 1;

    /// <summary>Makes a request that changes nothing, or the same thing again, until it is answered.</summary>
    /// <param name="request">What.</param>
    /// <param name="read">Reads the answer, whatever its status. The network's failures in it are a reason to try again.</param>
    /// <param name="cancellationToken">Cancels it and the waits between tries.</param>
    /// <exception cref="StrakeException">Unauthorized; Unavailable: after all tries; what <paramref name="read"/> throws.</exception>
    public async Task<T> SendAsync<T>(RegistryRequest request, Func<HttpResponseMessage, Task<T>> read, CancellationToken cancellationToken)
    {
        return await new RegistryRetry(options, Attempts).RunAsync(AttemptAsync, e => FailureOf(request, e), cancellationToken);

        async Task<T> AttemptAsync()
        {
            using var response = await SendOnceAsync(request, cancellationToken);
            return await read(response);
        }
    }

    /// <summary>Makes a request once; and once more with what the host wants to see, where its body can be made again.</summary>
    /// <returns>The answer, its body unread: no status that may pass. The caller disposes it.</returns>
    /// <exception cref="RegistryBusyException">A status that may pass; or a body that cannot be made again, and now there is the right for it.</exception>
    /// <exception cref="Exception">What the network throws, see <see cref="RegistryRetry.IsNetwork"/>.</exception>
    public async Task<HttpResponseMessage> SendOnceAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        var response = await ReachAsync(request, cancellationToken);
        try
        {
            if (response.StatusCode is HttpStatusCode.Unauthorized && await MeetAsync(response, request, cancellationToken))
            {
                if (!request.IsRepeatable) throw await BusyAsync(response, TimeSpan.Zero, cancellationToken);
                response.Dispose();
                response = await ReachAsync(request, cancellationToken);
            }

            if (RegistryRetry.MayPass(response.StatusCode))
                throw await BusyAsync(response, RegistryRetry.AskedBy(response, options.Time.GetUtcNow()), cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    async Task<RegistryBusyException> BusyAsync(HttpResponseMessage response, TimeSpan? asked, CancellationToken cancellationToken) =>
        new(RegistryFailure.Of(await new BoundedBody(options).ReadFaultAsync(response, cancellationToken)), asked);

    // Not for a server to which the host has led: who asks there asks for himself.
    async Task<bool> MeetAsync(HttpResponseMessage refused, RegistryRequest request, CancellationToken cancellationToken) =>
        RegistryAddress.IsSameServer(refused.RequestMessage!.RequestUri!, Reached.Root)
        && await access.MeetAsync(refused, request.Scope, request.IsLogin, cancellationToken);

    /// <summary>The root of the API at the host that answered.</summary>
    public Uri Root => Reached.Root;

    /// <summary>What the network's failure is to a user.</summary>
    public StrakeException FailureOf(RegistryRequest request, Exception e) =>
        // Docker asks for the root first, and users know that address.
        RegistryFailure.OfNetwork(request.Method, AddressOf(lastTried ?? host, IsUnreached(e) ? "" : request.Target), e);

    RegistryHost Reached => plainHosts.Has(host) ? host.Plain() : host;

    async Task<HttpResponseMessage> ReachAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        var reached = Reached;
        try
        {
            return await SendAsync(reached, request, cancellationToken);
        }
        catch (Exception e) when (IsUnreached(e) && host.MayBePlain && request.IsRepeatable)
        {
            if (reached != host)
            {
                plainHosts.Remove(host);
                throw;
            }
        }

        var plain = host.Plain();
        var response = await SendAsync(plain, request, cancellationToken);
        plainHosts.Add(host);
        return response;
    }

    Task<HttpResponseMessage> SendAsync(RegistryHost reached, RegistryRequest request, CancellationToken cancellationToken)
    {
        lastTried = reached;
        return transport.SendAsync(
            AddressOf(reached, request.Target), reached.Root, reached.Tls, (at, isAtHome) => Message(request, at, isAtHome), cancellationToken);
    }

    HttpRequestMessage Message(RegistryRequest request, Uri address, bool isAtHome)
    {
        var message = new HttpRequestMessage(request.Method, address) { Content = request.Content?.Invoke() };
        message.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        // A refusal then comes before the body goes.
        if (message.Content is UploadContent) message.Headers.ExpectContinue = true;
        foreach (var type in request.Accept) message.Headers.TryAddWithoutValidation("Accept", type);
        if (request.From > 0) message.Headers.Range = new RangeHeaderValue(request.From, null);
        // What is meant for the registry is for nobody to whom it leads.
        if (!isAtHome) return message;
        foreach (var (name, value) in host.Headers) message.Headers.TryAddWithoutValidation(name, value);
        if (access.For(request.Scope) is { } shown) message.Headers.Authorization = shown;
        return message;
    }

    static Uri AddressOf(RegistryHost reached, string target)
    {
        var address = new Uri(reached.Root, target);
        if (reached.Namespace is null || !RegistryAddress.IsSameServer(address, reached.Root)) return address;
        var ns = $"ns={Uri.EscapeDataString(reached.Namespace)}";
        return new UriBuilder(address) { Query = address.Query.Length > 1 ? $"{address.Query[1..]}&{ns}" : ns }.Uri;
    }

    // No connection, or none that is encrypted; not one that broke later.
    static bool IsUnreached(Exception e) => e is TimeoutException or HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };
}
