namespace Strake.Daemon.DockerApi;

/// <summary>Where a network takes its settings from; nowhere.</summary>
sealed record NetworkConfigFromBody(string Network);
