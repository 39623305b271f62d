using System.Net;
using System.Net.Http.Headers;

namespace Strake.Images;

/// <summary>Makes requests to one host of a registry: shows what it has to, follows redirects, tries again what may pass.</summary>
/// <param name="host">The host.</param>
/// <param name="http">Its connections; shared.</param>
/// <param name="access">What to show; a mirror is shown nothing that was meant for the registry.</param>
/// <param name="options">Times and bounds.</param>
sealed class RegistryConnection(RegistryHost host, HttpMessageInvoker http, RegistryAccess access, RegistryClientOptions options)
{
    const int MostRedirects = 10;

    /// <summary>The host.</summary>
    public RegistryHost Host => host;

    /// <summary>Makes a request.</summary>
    /// <param name="request">What.</param>
    /// <param name="cancellationToken">Cancels it and the waits between tries.</param>
    /// <returns>The answer, its body unread; any status that is neither a redirect nor one that may pass. The caller disposes it.</returns>
    /// <exception cref="StrakeException">Unauthorized; Unavailable: after all tries.</exception>
    public async Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        var retry = new RegistryRetry(options);
        while (true)
        {
            try
            {
                var response = await SendAuthorizedAsync(request, cancellationToken);
                if (!request.IsRepeatable || !RegistryRetry.MayPass(response.StatusCode)) return response;
                if (!await retry.WaitAsync(retry.AskedBy(response), cancellationToken)) return response;
                response.Dispose();
            }
            catch (Exception e) when (RegistryRetry.IsNetwork(e))
            {
                if (!request.IsRepeatable || !await retry.WaitAsync(asked: null, cancellationToken))
                    throw RegistryFailure.OfNetwork(request.Method, AddressOf(request.Target), e);
            }
        }
    }

    /// <summary>Makes a request once, and once more with what the registry wants to see.</summary>
    /// <exception cref="Exception">What the network throws, see <see cref="RegistryRetry.IsNetwork"/>.</exception>
    public async Task<HttpResponseMessage> SendAuthorizedAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        var response = await FollowAsync(request, cancellationToken);
        if (response.StatusCode is not HttpStatusCode.Unauthorized) return response;
        try
        {
            // A body that was read cannot be sent again; such requests come after one that has got the right.
            if (request.Content is not null && !request.IsRepeatable || !IsHost(response.RequestMessage!.RequestUri!)) return response;
            if (!await access.MeetAsync(response, request.Scope, cancellationToken)) return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }

        response.Dispose();
        return await FollowAsync(request, cancellationToken);
    }

    async Task<HttpResponseMessage> FollowAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        var address = AddressOf(request.Target);
        for (var step = 0; ; step++)
        {
            var response = await SendOnceAsync(request, address, cancellationToken);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location || request.Method != HttpMethod.Get && request.Method != HttpMethod.Head) return response;
            response.Dispose();
            var next = new Uri(address, location);
            if (step == MostRedirects) throw StrakeException.Unavailable($"{request.Method} {Shown(AddressOf(request.Target))}: stopped after {MostRedirects} redirects");
            if (next.Scheme is not ("http" or "https") || next.Scheme == Uri.UriSchemeHttp && address.Scheme == Uri.UriSchemeHttps)
                throw StrakeException.Unavailable($"{request.Method} {Shown(address)}: a redirect to {next.Scheme}://{next.Authority} is not followed");
            address = next;
        }
    }

    async Task<HttpResponseMessage> SendOnceAsync(RegistryRequest request, Uri address, CancellationToken cancellationToken)
    {
        var message = new HttpRequestMessage(request.Method, address) { Content = request.Content?.Invoke() };
        message.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        foreach (var type in request.Accept) message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        if (request.From > 0) message.Headers.Range = new RangeHeaderValue(request.From, null);
        // What is meant for the registry is for nobody to whom it redirects.
        if (IsHost(address))
        {
            message.Headers.Authorization = access.For(request.Scope);
            foreach (var (name, value) in host.Headers) message.Headers.TryAddWithoutValidation(name, value);
        }

        // A body takes as long as it takes; it watches itself that it goes on.
        var patience = message.Content is UploadContent ? Timeout.InfiniteTimeSpan : options.AnswerTimeout;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = options.Time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), deadline, patience, Timeout.InfiniteTimeSpan);
        try
        {
            return await http.SendAsync(message, deadline.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(e.InnerException?.Message ?? $"no answer within {patience.TotalSeconds:0} s", e);
        }
    }

    Uri AddressOf(string target) => new(host.Root, target);

    bool IsHost(Uri address) => address.Scheme == host.Root.Scheme && address.Authority == host.Root.Authority;

    static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    // Addresses of storage are signed: what follows the question mark opens it.
    static string Shown(Uri address) => address.GetLeftPart(UriPartial.Path);
}
