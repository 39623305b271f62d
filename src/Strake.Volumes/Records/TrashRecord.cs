namespace Strake.Volumes.Records;

/// <summary>What is kept of a volume in the trash.</summary>
/// <param name="Name">What it was called.</param>
/// <param name="Since">When it was put there.</param>
/// <param name="Until">When it is removed for good.</param>
sealed record TrashRecord(string Name, DateTimeOffset Since, DateTimeOffset Until);
