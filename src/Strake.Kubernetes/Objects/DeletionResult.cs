namespace Strake.Kubernetes.Objects;

/// <summary>What came of a deletion.</summary>
/// <param name="Object">The object: its last state, or what it is now that it waits for its end.</param>
/// <param name="IsGone">Whether it is gone; else finalizers or its time to end hold it.</param>
public sealed record DeletionResult(StoredObject Object, bool IsGone);
