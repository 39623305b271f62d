namespace Strake.Daemon.StrakeApi;

/// <summary>What emptying the trash did.</summary>
/// <param name="Removed">The names that the removed volumes had.</param>
/// <param name="Failures">Why the others could not be removed, a sentence each.</param>
public sealed record EmptiedTrashReport(IReadOnlyList<string> Removed, IReadOnlyList<string> Failures);
