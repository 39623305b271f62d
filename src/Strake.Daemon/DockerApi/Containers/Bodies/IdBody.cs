namespace Strake.Daemon.DockerApi;

/// <summary>An object's id.</summary>
sealed record IdBody(string Id);
