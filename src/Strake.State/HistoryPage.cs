namespace Strake.State;

/// <summary>A stretch of history: whole revisions only.</summary>
/// <param name="Changes">The revisions' changes, in order.</param>
/// <param name="Through">The last revision that the page covers; the next page starts after it.</param>
sealed record HistoryPage(IReadOnlyList<ChangeSet> Changes, long Through);
