namespace Strake.Daemon.StrakeApi;

/// <summary>All volumes.</summary>
/// <param name="Volumes">In the order of their names.</param>
public sealed record VolumeReportList(IReadOnlyList<VolumeReport> Volumes);
