namespace Strake.Containers;

/// <summary>What a prune removed.</summary>
/// <param name="Deleted">Ids of the removed containers.</param>
/// <param name="SpaceReclaimedBytes">Bytes of their writable layers.</param>
public sealed record PruneReport(IReadOnlyList<string> Deleted, long SpaceReclaimedBytes);
