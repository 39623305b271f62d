namespace Strake.Volumes;

/// <summary>A snapshot that the built-in driver has.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Volume">The volume that it is of.</param>
/// <param name="SizeBytes">The least size of a volume made of it; 0: whatever.</param>
/// <param name="CreatedAt">When it was taken.</param>
public sealed record ServedSnapshot(string Id, string Volume, long SizeBytes, DateTimeOffset CreatedAt);
