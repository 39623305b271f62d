namespace Strake.Volumes.Records;

/// <summary>Snapshots of several volumes that were made together: <c>csi-served-group/&lt;id&gt;</c>.</summary>
/// <param name="Name">What the orchestrator calls it.</param>
/// <param name="Volumes">The volumes' ids, in order.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="IsMade">Whether all of its snapshots are there; else its making was cut short.</param>
sealed record ServedGroupRecord(string Name, IReadOnlyList<string> Volumes, DateTimeOffset CreatedAt, bool IsMade);
