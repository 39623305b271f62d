namespace Strake.Daemon.DockerApi;

/// <summary>A change of a container's file system.</summary>
sealed record ChangeBody(string Path, int Kind);
