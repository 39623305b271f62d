namespace Strake.Daemon.DockerApi;

/// <summary>What can be plugged in.</summary>
sealed record InfoPluginsBody(IReadOnlyList<string> Volume, IReadOnlyList<string> Network, IReadOnlyList<string>? Authorization, IReadOnlyList<string> Log);
