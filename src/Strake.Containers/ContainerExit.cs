namespace Strake.Containers;

/// <summary>How a run ended.</summary>
/// <param name="Code">Exit code; 128 and the signal's number when a signal ended it.</param>
/// <param name="Error">Why it could not be started or waited for; null: it ran.</param>
public sealed record ContainerExit(int Code, string? Error = null);
