namespace Strake.Daemon.BuildKit.Sessions;

/// <summary>A registry's token that a client is asked to fetch.</summary>
/// <param name="Host">The registry's domain.</param>
/// <param name="Realm">Where tokens are given out.</param>
/// <param name="Service">For which service.</param>
/// <param name="Scopes">For what: <c>repository:library/debian:pull</c>.</param>
/// <param name="ClientId">Who asks.</param>
sealed record SessionTokenRequest(string Host, string Realm, string Service, IReadOnlyList<string> Scopes, string ClientId);
