namespace Strake.Daemon.DockerApi;

/// <summary>The answer to <c>GET /containers/{id}/top</c>.</summary>
sealed record TopBody(IReadOnlyList<IReadOnlyList<string>> Processes, IReadOnlyList<string> Titles);
