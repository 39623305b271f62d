namespace Strake.State;

/// <summary>One key of a store with its value, as of one revision. Immutable.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The bytes stored under it; the store's own, never written to.</param>
/// <param name="CreateRevision">The revision at which the key came into being (again, after a delete).</param>
/// <param name="ModRevision">The revision of the last write to the key: what <see cref="StateTransaction.Expect"/> compares.</param>
public sealed record StateEntry(string Key, ReadOnlyMemory<byte> Value, long CreateRevision, long ModRevision);
