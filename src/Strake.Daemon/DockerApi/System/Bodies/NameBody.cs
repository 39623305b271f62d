namespace Strake.Daemon.DockerApi;

/// <summary>A name.</summary>
sealed record NameBody(string Name);
