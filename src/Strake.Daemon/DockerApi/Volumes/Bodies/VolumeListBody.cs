namespace Strake.Daemon.DockerApi;

/// <summary>The answer to <c>GET /volumes</c>.</summary>
sealed record VolumeListBody(IReadOnlyList<VolumeBody> Volumes, IReadOnlyList<string>? Warnings);
