using System.Net;

namespace Strake.Images;

/// <summary>Makes one request, wherever it leads, within a bounded time.</summary>
sealed class RegistryTransport(RegistryHandlers handlers, RegistryClientOptions options)
{
    const int MostRedirects = 10;

    /// <summary>Makes a request and follows redirects, where the request has no body.</summary>
    /// <param name="address">Where it begins.</param>
    /// <param name="home">The server that credentials and certificates are for.</param>
    /// <param name="tls">Whom to believe.</param>
    /// <param name="make">
    /// Makes the message for an address. It is told whether that is the home's: once a redirect has left, nothing is, not even the home
    /// itself, for now others say what is asked of it.
    /// </param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The answer, its body unread. The caller disposes it.</returns>
    /// <exception cref="StrakeException">Unavailable: redirects that do not end, or lead where nothing is followed.</exception>
    /// <exception cref="Exception">What the network throws, see <see cref="RegistryRetry.IsNetwork"/>.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        Uri address, Uri home, RegistryTls tls, Func<Uri, bool, HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        var (at, isAtHome) = (address, true);
        for (var step = 0; step <= MostRedirects; step++)
        {
            isAtHome = isAtHome && RegistryAddress.IsSameServer(at, home);
            var message = make(at, isAtHome);
            var response = await SendOnceAsync(message, isAtHome ? tls : tls.ForStrangers(), cancellationToken);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location || !MayRepeat(message.Method)) return response;
            response.Dispose();
            var next = Uri.TryCreate(at, location, out var target) ? target : throw StrakeException.Unavailable($"{RegistryAddress.Shown(at)} leads to no address");
            RegistryAddress.ThrowUnlessMayFollow(at, next);
            at = next;
        }

        throw StrakeException.Unavailable($"{RegistryAddress.Shown(address)}: stopped after {MostRedirects} redirects");
    }

    async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage message, RegistryTls tls, CancellationToken cancellationToken)
    {
        var http = handlers.For(tls);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var timer = options.Time.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), deadline, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var longest = options.AnswerTimeout;
        if (message.Content is UploadContent upload)
        {
            // Sending takes as long as it takes, and watches itself that it goes on; what is limited is the wait for the answer.
            longest = options.CommitTimeout;
            upload.Sent = () => timer.Change(longest, Timeout.InfiniteTimeSpan);
        }
        else
        {
            timer.Change(longest, Timeout.InfiniteTimeSpan);
        }

        try
        {
            return await http.SendAsync(message, deadline.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            // The handler's own limit for connections looks the same.
            throw new TimeoutException(e.InnerException is TimeoutException ? "connect: connection timed out" : $"no answer within {longest.TotalSeconds:0.#} s", e);
        }
    }

    static bool MayRepeat(HttpMethod method) => method == HttpMethod.Get || method == HttpMethod.Head;

    static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
}
