namespace Strake.Build;

/// <summary>What was removed.</summary>
/// <param name="Removed">The ids.</param>
/// <param name="ReclaimedBytes">What that gave back.</param>
public sealed record BuildPruneReport(IReadOnlyList<string> Removed, long ReclaimedBytes);
