namespace Strake.Volumes;

/// <summary>What a volume is made from, by the driver's ids; one of the two.</summary>
/// <param name="VolumeId">A volume.</param>
/// <param name="SnapshotId">A snapshot.</param>
public sealed record CsiSource(string? VolumeId, string? SnapshotId);
