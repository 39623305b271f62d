namespace Strake.Volumes;

/// <summary>A volume in the trash.</summary>
/// <param name="Id">What it is called there; unique, where two volumes had one name.</param>
/// <param name="Name">What it was called.</param>
/// <param name="Since">When it was put there.</param>
/// <param name="Until">When it is removed for good.</param>
public sealed record TrashedVolume(string Id, string Name, DateTimeOffset Since, DateTimeOffset Until);
