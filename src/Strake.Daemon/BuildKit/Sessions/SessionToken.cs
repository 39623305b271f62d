namespace Strake.Daemon.BuildKit.Sessions;

/// <summary>A registry's token that a client has fetched.</summary>
/// <param name="Token">The token.</param>
/// <param name="Lifetime">How long it is good from when it was issued.</param>
/// <param name="IssuedAt">When it was; null: now.</param>
sealed record SessionToken(string Token, TimeSpan Lifetime, DateTimeOffset? IssuedAt)
{
    /// <summary>Never the token.</summary>
    public override string ToString() => $"token for {Lifetime}";
}
