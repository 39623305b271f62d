namespace Strake.Daemon.DockerApi;

/// <summary>The answer to <c>POST /volumes/prune</c>.</summary>
sealed record VolumePruneBody(IReadOnlyList<string> VolumesDeleted, long SpaceReclaimed);
