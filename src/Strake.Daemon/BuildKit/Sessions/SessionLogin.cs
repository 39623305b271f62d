namespace Strake.Daemon.BuildKit.Sessions;

/// <summary>How a client logs in to a registry.</summary>
/// <param name="UserName">The user; empty: the secret is an identity token.</param>
/// <param name="Secret">The password or token.</param>
sealed record SessionLogin(string UserName, string Secret)
{
    /// <summary>Never the secret.</summary>
    public override string ToString() => $"log-in of {(UserName.Length > 0 ? UserName : "a token")}";
}
