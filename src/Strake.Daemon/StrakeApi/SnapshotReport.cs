namespace Strake.Daemon.StrakeApi;

/// <summary>A snapshot of a volume.</summary>
/// <param name="Name">Its name, unique within the volume.</param>
/// <param name="CreatedAt">When it was begun.</param>
public sealed record SnapshotReport(string Name, DateTimeOffset CreatedAt);
