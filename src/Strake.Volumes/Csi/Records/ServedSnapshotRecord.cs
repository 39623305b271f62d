namespace Strake.Volumes.Records;

/// <summary>A snapshot that an orchestrator asked for: <c>csi-served-snapshot/&lt;id&gt;</c>; the id is the snapshot's name in its volume.</summary>
/// <param name="Name">What the orchestrator calls it.</param>
/// <param name="Volume">The volume's id.</param>
/// <param name="SizeBytes">The size of a volume made from it; 0: none but the disk's.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="IsMade">Whether it is there; else its making was cut short.</param>
/// <param name="Group">The group that it was made with; null: none.</param>
sealed record ServedSnapshotRecord(string Name, string Volume, long SizeBytes, DateTimeOffset CreatedAt, bool IsMade, string? Group);
