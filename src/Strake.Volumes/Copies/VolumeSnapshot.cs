namespace Strake.Volumes;

/// <summary>A volume's content as it was at one moment.</summary>
/// <param name="Name">Its name, unique within the volume.</param>
/// <param name="CreatedAt">When it was begun.</param>
public sealed record VolumeSnapshot(SnapshotName Name, DateTimeOffset CreatedAt);
