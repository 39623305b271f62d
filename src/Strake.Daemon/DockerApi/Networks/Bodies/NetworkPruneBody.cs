namespace Strake.Daemon.DockerApi;

/// <summary>The answer to <c>POST /networks/prune</c>.</summary>
sealed record NetworkPruneBody(IReadOnlyList<string>? NetworksDeleted);
