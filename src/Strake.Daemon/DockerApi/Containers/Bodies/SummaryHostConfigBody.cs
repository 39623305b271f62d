namespace Strake.Daemon.DockerApi;

/// <summary>What a row tells of the host config.</summary>
sealed record SummaryHostConfigBody(string NetworkMode);
