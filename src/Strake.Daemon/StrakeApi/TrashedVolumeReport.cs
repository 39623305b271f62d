namespace Strake.Daemon.StrakeApi;

/// <summary>A volume in the trash.</summary>
/// <param name="Id">What it is called there.</param>
/// <param name="Name">What it was called.</param>
/// <param name="Since">When it was put there.</param>
/// <param name="Until">When it is removed for good.</param>
public sealed record TrashedVolumeReport(string Id, string Name, DateTimeOffset Since, DateTimeOffset Until);
