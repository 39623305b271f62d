namespace Strake.Daemon.DockerApi;

/// <summary>The version of a part.</summary>
sealed record CommitBody(string ID);
