using System.Net;

namespace Strake.Images;

/// <summary>Asks the server that a registry names for tokens (distribution project, "Token Authentication Specification", and its form of OAuth 2).</summary>
/// <param name="credentials">Who asks; null: nobody in particular.</param>
/// <param name="transport">The way to it.</param>
/// <param name="tls">Whom to believe: those that are believed for the registry.</param>
/// <param name="options">Times and bounds.</param>
sealed class TokenServer(RegistryCredentials? credentials, RegistryTransport transport, RegistryTls tls, RegistryClientOptions options)
{
    // What it may answer; tokens of clouds go to some thousand bytes.
    const int MostBytes = 1 << 20;

    // What Docker calls itself there.
    const string Client = "docker";

    /// <summary>Fetches a token.</summary>
    /// <param name="challenge">The registry's challenge: which server, which service.</param>
    /// <param name="registry">The registry's address.</param>
    /// <param name="scope">What is needed; empty: only to be known.</param>
    /// <param name="isLogin">Whether a token for later logins is wanted too.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="StrakeException">Unauthorized: it refuses the credentials. Unavailable: it fails, or must not be asked.</exception>
    public async Task<RegistryGrant> AskAsync(AuthChallenge challenge, Uri registry, string scope, bool isLogin, CancellationToken cancellationToken)
    {
        var realm = RealmOf(challenge, registry);
        // Docker asks for what it needs, whatever scope the challenge names, and registries are made for Docker.
        var scopes = scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var isRefresh = credentials is { IdentityToken.Length: > 0 };
        var address = isRefresh ? realm : WithQuery(realm, challenge["service"], scopes, isLogin);
        return await new RegistryRetry(options, options.Attempts).RunAsync(
            AttemptAsync, e => RegistryFailure.OfNetwork(isRefresh ? HttpMethod.Post : HttpMethod.Get, realm, e), cancellationToken);

        async Task<RegistryGrant> AttemptAsync()
        {
            using var response = await transport.SendAsync(
                address, address, tls, (at, isAtHome) => isRefresh ? Refresh(at, challenge["service"], scopes) : Get(at, isAtHome), cancellationToken);
            return await ReadAsync(response, realm, cancellationToken);
        }
    }

    static Uri RealmOf(AuthChallenge challenge, Uri registry)
    {
        if (!Uri.TryCreate(challenge["realm"], UriKind.Absolute, out var realm) || realm.Scheme is not ("http" or "https"))
            throw StrakeException.Unavailable($"registry {registry.Authority} names a token server that has no address of the web");
        // Who watches the line would have the password.
        return realm.Scheme == Uri.UriSchemeHttp && registry.Scheme == Uri.UriSchemeHttps
            ? throw StrakeException.Unavailable($"registry {registry.Authority} names a token server without encryption, {realm.Authority}: it is not asked")
            : realm;
    }

    async Task<RegistryGrant> ReadAsync(HttpResponseMessage response, Uri realm, CancellationToken cancellationToken)
    {
        var bodies = new BoundedBody(options);
        if (response.IsSuccessStatusCode)
        {
            var body = await bodies.ReadAsync(response, MostBytes, $"the token server {realm.Authority}", cancellationToken);
            return RegistryGrant.Parse(body, options.Time.GetUtcNow())
                ?? throw StrakeException.Unavailable($"the token server {RegistryAddress.Shown(realm)} answered without a token");
        }

        var fault = await bodies.ReadFaultAsync(response, cancellationToken);
        var failure = StrakeException.Unavailable($"the token server {RegistryAddress.Shown(realm)} failed: {fault.Message}");
        if (RegistryRetry.MayPass(response.StatusCode))
            throw new RegistryBusyException(failure, RegistryRetry.AskedBy(response, options.Time.GetUtcNow()));
        // OAuth 2 says 400 where the token was wrong.
        throw response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest
            ? StrakeException.Unauthorized(fault.Message.Contains(": ", StringComparison.Ordinal) ? fault.Message : $"unauthorized: {fault.Message}")
            : failure;
    }

    Uri WithQuery(Uri realm, string? service, IReadOnlyList<string> scopes, bool isLogin)
    {
        List<string> query = realm.Query.Length > 1 ? [realm.Query[1..]] : [];
        if (credentials is { Username.Length: > 0 }) query.Add($"account={Uri.EscapeDataString(credentials.Username)}");
        if (isLogin) query.Add($"client_id={Client}&offline_token=true");
        query.AddRange(scopes.Select(static one => $"scope={Uri.EscapeDataString(one)}"));
        if (service is not null) query.Add($"service={Uri.EscapeDataString(service)}");
        return new UriBuilder(realm) { Query = string.Join('&', query) }.Uri;
    }

    HttpRequestMessage Get(Uri address, bool isAtHome)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        if (isAtHome && credentials is { Username.Length: > 0 }) request.Headers.Authorization = RegistryGrant.Basic(credentials).Header;
        return request;
    }

    HttpRequestMessage Refresh(Uri address, string? service, IReadOnlyList<string> scopes)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new FormUrlEncodedContent(
            [
                KeyValuePair.Create("grant_type", "refresh_token"),
                KeyValuePair.Create("service", service ?? ""),
                KeyValuePair.Create("client_id", Client),
                KeyValuePair.Create("scope", string.Join(' ', scopes)),
                KeyValuePair.Create("refresh_token", credentials!.IdentityToken),
            ]),
        };
        request.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        return request;
    }
}
