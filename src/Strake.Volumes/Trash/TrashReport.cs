namespace Strake.Volumes;

/// <summary>What emptying the trash did.</summary>
/// <param name="Removed">The names that the removed volumes had.</param>
/// <param name="Failures">Why the others could not be removed, a sentence each.</param>
public sealed record TrashReport(IReadOnlyList<string> Removed, IReadOnlyList<string> Failures);
