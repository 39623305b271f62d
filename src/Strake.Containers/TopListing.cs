namespace Strake.Containers;

/// <summary>The processes of a container, as ps(1) shows them.</summary>
/// <param name="Titles">Column titles.</param>
/// <param name="Processes">A row for each process, a cell for each title.</param>
public sealed record TopListing(IReadOnlyList<string> Titles, IReadOnlyList<IReadOnlyList<string>> Processes);
