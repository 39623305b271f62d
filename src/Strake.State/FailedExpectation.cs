namespace Strake.State;

/// <summary>The expectation that kept a transaction from being applied.</summary>
/// <param name="Key">The key that is not as expected.</param>
/// <param name="ExpectedModRevision">The revision expected; 0: the key was expected to be absent.</param>
/// <param name="Current">What the key holds instead; null when it is absent.</param>
public sealed record FailedExpectation(string Key, long ExpectedModRevision, StateEntry? Current);
