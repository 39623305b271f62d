namespace Strake.Volumes;

/// <summary>What a prune removed, and what it could not.</summary>
/// <param name="Deleted">The volumes' names.</param>
/// <param name="ReclaimedBytes">Sum of the lengths of their files.</param>
/// <param name="Failures">Why a volume that was to go is still there, a sentence each; empty when all are gone.</param>
public sealed record VolumePruneReport(IReadOnlyList<string> Deleted, long ReclaimedBytes, IReadOnlyList<string> Failures);
