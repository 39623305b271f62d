namespace Strake.Volumes.Records;

/// <summary>A volume that an orchestrator asked for: <c>csi-served-volume/&lt;id&gt;</c>; the id is the volume's name.</summary>
/// <param name="Name">What the orchestrator calls it.</param>
/// <param name="IsBlock">Whether it is a device, and not a file system.</param>
/// <param name="CapacityBytes">Its size; 0: none but the disk's.</param>
/// <param name="Parameters">What it was asked to be, beside that.</param>
/// <param name="Source">The snapshot or volume that it was made from; null: none.</param>
/// <param name="IsMade">Whether it is there; else its making was cut short, and goes on when it is asked for again.</param>
/// <param name="Keep">How long it stays in the trash when it is removed; null: not at all.</param>
sealed record ServedVolumeRecord(
    string Name, bool IsBlock, long CapacityBytes, IReadOnlyDictionary<string, string> Parameters, string? Source, bool IsMade, string? Keep);
