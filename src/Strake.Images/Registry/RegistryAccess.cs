using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Strake.Images;

/// <summary>
/// How one caller proves to one registry what he may: nothing, name and password, or tokens from the server that the registry names.
/// </summary>
/// <remarks>
/// Distribution project, "Token Authentication Specification" and "OAuth 2 token authentication". Tokens are kept for their time, by what
/// they allow. An engine has one of these for each request of a client: nobody profits from another's rights.
/// </remarks>
sealed class RegistryAccess(RegistryCredentials? credentials, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send, TimeProvider time)
{
    // What a token server may answer; tokens of clouds go to some thousand bytes.
    const int MostBytes = 1 << 20;

    // Tokens that do not say live so long, by the specification; and none is used in its last seconds.
    static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(60);
    static readonly TimeSpan s_margin = TimeSpan.FromSeconds(10);

    readonly Lock gate = new();
    readonly Dictionary<string, Grant> grants = new(StringComparer.Ordinal);

    /// <summary>What to show for a request; null when nothing is known yet, or nothing is needed.</summary>
    /// <param name="scope">What the request needs.</param>
    public AuthenticationHeaderValue? For(string scope)
    {
        lock (gate) return grants.TryGetValue(scope, out var grant) && grant.Until > time.GetUtcNow() ? grant.Header : null;
    }

    /// <summary>Answers a registry that refused a request for want of authentication.</summary>
    /// <param name="refused">Its answer.</param>
    /// <param name="scope">What the request needs.</param>
    /// <param name="cancellationToken">Cancels the way to the token server.</param>
    /// <returns>Whether there is something to show now that was not shown before.</returns>
    /// <exception cref="StrakeException">Unauthorized: the token server refuses the credentials. Unavailable: it fails.</exception>
    public async Task<bool> MeetAsync(HttpResponseMessage refused, string scope, CancellationToken cancellationToken)
    {
        var shown = refused.RequestMessage?.Headers.Authorization;
        var challenges = refused.Headers.WwwAuthenticate.SelectMany(static h => AuthChallenge.Parse(h.ToString())).ToList();
        var grant = challenges switch
        {
            _ when credentials is { RegistryToken.Length: > 0 } => new Grant(new AuthenticationHeaderValue("Bearer", credentials.RegistryToken), DateTimeOffset.MaxValue),
            _ when challenges.Find(static c => c.Is("Bearer") && c["realm"] is { Length: > 0 }) is { } bearer =>
                await AskAsync(bearer, refused.RequestMessage!.RequestUri!, scope, cancellationToken),
            _ when challenges.Exists(static c => c.Is("Basic")) && credentials is { Username.Length: > 0 } => new Grant(Basic(credentials), DateTimeOffset.MaxValue),
            _ when challenges.Exists(static c => c.Is("Basic")) => throw StrakeException.Unauthorized("no basic auth credentials"),
            _ => null,
        };
        if (grant is null || grant.Header.Equals(shown)) return false;
        lock (gate) grants[scope] = grant;
        return true;
    }

    async Task<Grant> AskAsync(AuthChallenge challenge, Uri registry, string scope, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(challenge["realm"], UriKind.Absolute, out var realm) || realm.Scheme is not ("http" or "https"))
            throw StrakeException.Unavailable($"registry {registry.Authority} names a token server that has no address of the web");
        // Who watches the line would have the password.
        if (realm.Scheme == Uri.UriSchemeHttp && registry.Scheme == Uri.UriSchemeHttps)
            throw StrakeException.Unavailable($"registry {registry.Authority} names a token server without encryption, {realm.Authority}: it is not asked");
        using var request = credentials is { IdentityToken.Length: > 0 } ? Refresh(realm, challenge["service"], scope) : Get(realm, challenge["service"], scope);
        using var response = await send(request, cancellationToken);
        var body = await BoundedBody.ReadAsync(response, MostBytes, $"the token server {realm.Authority}", cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            var fault = RegistryFault.Parse(response.StatusCode, body);
            throw response.StatusCode is System.Net.HttpStatusCode.Unauthorized or System.Net.HttpStatusCode.Forbidden or System.Net.HttpStatusCode.BadRequest
                ? StrakeException.Unauthorized(fault.Code.Length > 0 ? fault.Message : $"unauthorized: {fault.Message}")
                : StrakeException.Unavailable($"the token server {realm.Authority} failed: {fault.Message}");
        }

        return Read(body) ?? throw StrakeException.Unavailable($"the token server {realm.Authority} answered without a token");
    }

    HttpRequestMessage Get(Uri realm, string? service, string scope)
    {
        List<string> query = [];
        if (credentials is { Username.Length: > 0 }) query.Add($"account={Uri.EscapeDataString(credentials.Username)}");
        if (service is not null) query.Add($"service={Uri.EscapeDataString(service)}");
        // A scope may be of several resources; the server wants them one by one.
        query.AddRange(scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static one => $"scope={Uri.EscapeDataString(one)}"));
        var address = new UriBuilder(realm) { Query = string.Join('&', realm.Query.Length > 1 ? [realm.Query[1..], .. query] : query) }.Uri;
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (credentials is { Username.Length: > 0 }) request.Headers.Authorization = Basic(credentials);
        return request;
    }

    HttpRequestMessage Refresh(Uri realm, string? service, string scope) => new(HttpMethod.Post, realm)
    {
        Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["service"] = service ?? "",
            ["scope"] = scope,
            ["client_id"] = "docker",
            ["refresh_token"] = credentials!.IdentityToken,
        }),
    };

    Grant? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8 });
            var root = document.RootElement;
            if ((Text(root, "token") ?? Text(root, "access_token")) is not { } token || token.AsSpan().ContainsAny("\r\n \0")) return null;
            var lives = root.TryGetProperty("expires_in", out var seconds) && seconds.TryGetInt32(out var count) ? TimeSpan.FromSeconds(count) : s_shortest;
            lives = lives > s_shortest ? lives : s_shortest;
            return new Grant(new AuthenticationHeaderValue("Bearer", token), time.GetUtcNow() + lives - s_margin);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    static AuthenticationHeaderValue Basic(RegistryCredentials credentials) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.Username}:{credentials.Password}")));

    sealed record Grant(AuthenticationHeaderValue Header, DateTimeOffset Until);
}
