namespace Strake.Daemon.StrakeApi;

/// <summary>A volume's snapshots.</summary>
/// <param name="Snapshots">The oldest first.</param>
public sealed record SnapshotReportList(IReadOnlyList<SnapshotReport> Snapshots);
