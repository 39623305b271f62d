namespace Strake.Volumes;

/// <summary>What a prune removed.</summary>
/// <param name="Deleted">The volumes' names.</param>
/// <param name="ReclaimedBytes">Sum of the lengths of their files.</param>
public sealed record VolumePruneReport(IReadOnlyList<string> Deleted, long ReclaimedBytes);
