namespace Strake.Daemon.DockerApi;

/// <summary>A row of <c>GET /images/{name}/history</c>.</summary>
sealed record HistoryBody(string Comment, long Created, string CreatedBy, string Id, long Size, IReadOnlyList<string>? Tags);
