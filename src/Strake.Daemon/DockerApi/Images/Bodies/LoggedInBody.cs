namespace Strake.Daemon.DockerApi;

/// <summary>A registry lets somebody in.</summary>
sealed record LoggedInBody(string Status, string IdentityToken);
