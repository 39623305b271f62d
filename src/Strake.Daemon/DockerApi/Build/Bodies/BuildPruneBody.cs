namespace Strake.Daemon.DockerApi;

/// <summary>What a prune of the build cache removed.</summary>
sealed record BuildPruneBody(IReadOnlyList<string> CachesDeleted, long SpaceReclaimed);
