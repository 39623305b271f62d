using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Strake.Images;
using Strake.Images.Tar;
using Strake.Linux;

namespace Strake.Build;

/// <summary>
/// Fetches one file from a server of HTTP: its bytes go to a pack while they are hashed, so that memory does not grow with it. Redirects are followed
/// here, not by the runtime, for they decide who sees credentials.
/// </summary>
/// <param name="options">The bounds.</param>
/// <param name="proxies">The build's proxies.</param>
/// <param name="secrets">Asked for what the server wants to see; null: nobody has it.</param>
/// <param name="packs">The directory of packs.</param>
/// <param name="time">The clock of the bounds.</param>
sealed class HttpDownload(RemoteOptions options, RemoteProxies proxies, ISecretSource? secrets, string packs, TimeProvider time)
{
    // As Go's client, which is Docker's.
    const int MostRedirects = 10;

    /// <summary>What a file is called whose address and server say nothing; BuildKit's word.</summary>
    const string Nameless = "__unnamed__";

    /// <summary>Fetches a file.</summary>
    /// <param name="source">Where it is.</param>
    /// <param name="cancellationToken">Ends it; nothing is left then.</param>
    /// <returns>The file, mode 0600, of the time that the server says (else 1970), root's.</returns>
    /// <exception cref="StrakeException">NotFound, PermissionDenied, Unavailable: what the server or the network said. TooLarge: over the bound. Exhausted: no space.</exception>
    public async Task<DownloadedFile> FetchAsync(HttpSource source, CancellationToken cancellationToken) =>
        await TryFetchAsync(source, known: "", cancellationToken) ?? throw new InvalidOperationException("Nothing is known.");

    /// <summary>Fetches a file, if it is another than the one that is known.</summary>
    /// <param name="source">Where it is.</param>
    /// <param name="known">The server's own word for what is known; empty: nothing is.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <returns>As there; null: the server still has what is known.</returns>
    /// <exception cref="StrakeException">As there.</exception>
    public async Task<DownloadedFile?> TryFetchAsync(HttpSource source, string known, CancellationToken cancellationToken)
    {
        using var http = new HttpMessageInvoker(MakeHandler());
        try
        {
            using var response = await AskAsync(http, source, known, cancellationToken);
            return response.StatusCode == HttpStatusCode.NotModified ? null : await ReceiveAsync(source, response, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
        {
            throw StrakeException.Unavailable($"{source.Shown}: {e.Message}", e);
        }
    }

    SocketsHttpHandler MakeHandler() => new()
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = options.ConnectTimeout,
        MaxResponseHeadersLength = 64,
        Proxy = proxies.Rules,
        UseCookies = false,
    };

    async Task<HttpResponseMessage> AskAsync(HttpMessageInvoker http, HttpSource source, string known, CancellationToken cancellationToken)
    {
        var at = source.Address;
        var credentials = await CredentialsAsync(at, cancellationToken);
        for (var step = 0; step <= MostRedirects; step++)
        {
            var response = await AskOnceAsync(http, at, credentials, known, cancellationToken);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location) return Verified(response, source, known);
            response.Dispose();
            if (!Uri.TryCreate(at, location, out var next) || next.Scheme is not ("http" or "https") || next.Host.Length == 0)
                throw StrakeException.Unavailable($"{source.Shown} leads to {(next is null ? location : HttpSource.Show(next))}: only http and https are followed");
            // Once a redirect has led away, others say what is asked, also of the first server.
            if (!IsSameServer(at, next)) credentials = null;
            at = next;
        }

        throw StrakeException.Unavailable($"{source.Shown}: stopped after {MostRedirects} redirects");
    }

    async Task<HttpResponseMessage> AskOnceAsync(HttpMessageInvoker http, Uri address, AuthenticationHeaderValue? credentials, string known, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.UserAgent.ParseAdd(options.UserAgent);
        request.Headers.Authorization = credentials;
        if (known.Length > 0) request.Headers.TryAddWithoutValidation("If-None-Match", known);
        using var late = new CancellationTokenSource(options.AnswerTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await http.SendAsync(request, stop.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(late.IsCancellationRequested ? $"no answer within {options.AnswerTimeout.TotalSeconds:0.#} s" : "connect: connection timed out", e);
        }
    }

    async Task<DownloadedFile> ReceiveAsync(HttpSource source, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var content = response.Content.Headers;
        if (content.ContentLength > options.MaxBytes) throw FetchLimit.Exceeded(source.Shown, options.MaxBytes);
        var name = NameOf(source, content.ContentDisposition);
        var pack = new ContextPack(packs);
        var tree = new ContextTree(pack);
        try
        {
            var digest = await PackAsync(source, response, pack, cancellationToken);
            var entry = new TarEntry { Name = BytePath.Bytes(name), Type = TarEntryType.Regular, Mode = Permissions.Octal0600, SizeBytes = pack.Length, ModifiedTime = TimeOf(content.LastModified) };
            tree.Add(new SourceFile(name, entry, Content: 0, digest));
            return new DownloadedFile(tree, name, digest, response.Headers.ETag?.ToString() ?? "");
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    async Task<Digest> PackAsync(HttpSource source, HttpResponseMessage response, ContextPack pack, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var stalled = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stalled.Token);
        using var packer = new ContextPacker(pack);
        try
        {
            return await packer.PackAsync(ReadAsync, stop.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing came for {options.StallTimeout.TotalSeconds:0.#} s", e);
        }

        async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
        {
            stalled.CancelAfter(options.StallTimeout);
            var read = await body.ReadAsync(buffer, cancel);
            return packer.Offset + read <= options.MaxBytes ? read : throw FetchLimit.Exceeded(source.Shown, options.MaxBytes);
        }
    }

    // BuildKit's names for what a build may show to a server.
    async Task<AuthenticationHeaderValue?> CredentialsAsync(Uri address, CancellationToken cancellationToken)
    {
        if (secrets is not null)
        {
            if (await secrets.FindSecretAsync("HTTP_AUTH_HEADER_" + address.Host, cancellationToken) is { } header
                && AuthenticationHeaderValue.TryParse(Encoding.UTF8.GetString(header).Trim(), out var parsed)) return parsed;
            if (await secrets.FindSecretAsync("HTTP_AUTH_TOKEN_" + address.Host, cancellationToken) is { } token)
                return new AuthenticationHeaderValue("Bearer", Encoding.UTF8.GetString(token).Trim());
        }

        if (address.UserInfo.Length == 0) return null;
        var user = Uri.UnescapeDataString(address.UserInfo.Contains(':', StringComparison.Ordinal) ? address.UserInfo : address.UserInfo + ":");
        return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user)));
    }

    static HttpResponseMessage Verified(HttpResponseMessage response, HttpSource source, string known)
    {
        if (response.IsSuccessStatusCode || (known.Length > 0 && response.StatusCode == HttpStatusCode.NotModified)) return response;
        var message = $"{source.Shown}: invalid response status {(int)response.StatusCode}";
        var status = response.StatusCode;
        response.Dispose();
        throw status switch
        {
            HttpStatusCode.NotFound or HttpStatusCode.Gone => StrakeException.NotFound(message),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => StrakeException.PermissionDenied(message),
            _ => StrakeException.Unavailable(message),
        };
    }

    static string NameOf(HttpSource source, ContentDispositionHeaderValue? disposition)
    {
        if (source.Name.Length > 0) return BytePath.OfText(source.Name);
        var said = disposition?.FileNameStar ?? disposition?.FileName?.Trim('"');
        return said is not null && HttpSource.SafeName(said) is { Length: > 0 } name ? BytePath.OfText(name) : Nameless;
    }

    static TarTime TimeOf(DateTimeOffset? modified) => new(modified?.ToUnixTimeSeconds() ?? 0);

    static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    static bool IsSameServer(Uri one, Uri other) => one.Scheme == other.Scheme && one.IdnHost == other.IdnHost && one.Port == other.Port;
}
