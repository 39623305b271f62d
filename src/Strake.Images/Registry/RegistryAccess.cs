using System.Net.Http.Headers;

namespace Strake.Images;

/// <summary>
/// How one caller proves to one host what he may: nothing, name and password, or tokens from the server that the host names.
/// </summary>
/// <remarks>
/// What was granted is kept for its time, by what it allows. There is one of these for each opened repository: nobody profits from
/// another's rights. Requests that are refused at the same time have one token fetched for all of them.
/// </remarks>
/// <param name="credentials">Who asks; null: nobody in particular.</param>
/// <param name="tokens">Where tokens come from.</param>
/// <param name="time">The clock.</param>
sealed class RegistryAccess(RegistryCredentials? credentials, TokenServer tokens, TimeProvider time)
{
    readonly Lock gate = new();
    readonly SemaphoreSlim turn = new(1, 1);
    readonly Dictionary<string, RegistryGrant> grants = new(StringComparer.Ordinal);

    /// <summary>The token for later logins that the last grant came with; empty: none.</summary>
    public string RefreshToken { get; private set; } = "";

    /// <summary>What to show for a request; null when nothing is known yet, or nothing is needed.</summary>
    /// <param name="scope">What the request needs.</param>
    public AuthenticationHeaderValue? For(string scope)
    {
        lock (gate) return grants.TryGetValue(scope, out var grant) && grant.Until > time.GetUtcNow() ? grant.Header : null;
    }

    /// <summary>Answers a host that refused a request for want of authentication.</summary>
    /// <param name="refused">Its answer.</param>
    /// <param name="scope">What the request needs.</param>
    /// <param name="isLogin">Whether a token for later logins is wanted too.</param>
    /// <param name="cancellationToken">Cancels the way to the token server.</param>
    /// <returns>Whether there is something to show now that was not shown before.</returns>
    /// <exception cref="StrakeException">Unauthorized: there are no credentials, or they are refused. Unavailable: the token server fails.</exception>
    public async Task<bool> MeetAsync(HttpResponseMessage refused, string scope, bool isLogin, CancellationToken cancellationToken)
    {
        var shown = refused.RequestMessage?.Headers.Authorization;
        await turn.WaitAsync(cancellationToken);
        try
        {
            // Another request was refused with the same, and has got something new meanwhile.
            if (For(scope) is { } known && !known.Equals(shown)) return true;
            var grant = await GrantAsync(refused, scope, isLogin, cancellationToken);
            if (grant is null || grant.Header.Equals(shown)) return false;
            RefreshToken = grant.RefreshToken;
            lock (gate) grants[scope] = grant;
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    async Task<RegistryGrant?> GrantAsync(HttpResponseMessage refused, string scope, bool isLogin, CancellationToken cancellationToken)
    {
        if (credentials is { RegistryToken.Length: > 0 }) return RegistryGrant.Bearer(credentials.RegistryToken);
        var challenges = AuthChallenge.Of(refused);
        if (challenges.FirstOrDefault(static c => c.Is("Bearer") && c["realm"] is { Length: > 0 }) is { } bearer)
            return await tokens.AskAsync(bearer, refused.RequestMessage!.RequestUri!, scope, isLogin, cancellationToken);
        if (!challenges.Any(static c => c.Is("Basic"))) return null;
        return credentials is { Username.Length: > 0 } ? RegistryGrant.Basic(credentials) : throw StrakeException.Unauthorized("no basic auth credentials");
    }
}
