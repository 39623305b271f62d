namespace Strake.Daemon.DockerApi;

/// <summary>The answer to <c>POST /images/prune</c>.</summary>
sealed record ImagePruneBody(IReadOnlyList<ImageRemovalBody>? ImagesDeleted, long SpaceReclaimed);
