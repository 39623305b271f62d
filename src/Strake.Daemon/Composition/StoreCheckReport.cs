namespace Strake.Daemon.Composition;

/// <summary>The answer to <c>POST /strake/fsck</c>.</summary>
/// <param name="Findings">What is wrong, a sentence each; empty when all is well.</param>
public sealed record StoreCheckReport(IReadOnlyList<string> Findings);
