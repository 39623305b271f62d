namespace Strake.Daemon.StrakeApi;

/// <summary>The trash.</summary>
/// <param name="Volumes">The newest first.</param>
public sealed record TrashedVolumeReportList(IReadOnlyList<TrashedVolumeReport> Volumes);
