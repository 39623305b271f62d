namespace Strake.Daemon.DockerApi;

/// <summary>The answer to <c>POST /containers/prune</c>.</summary>
sealed record ContainerPruneBody(IReadOnlyList<string>? ContainersDeleted, long SpaceReclaimed);
