namespace Strake.Volumes;

/// <summary>What a driver has.</summary>
/// <param name="Volumes">Its volumes.</param>
/// <param name="Warning">Why this may not be all, or not be so any more; null: it is what the driver said now.</param>
public sealed record SharedListing(IReadOnlyList<SharedVolume> Volumes, string? Warning);
