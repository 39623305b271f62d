using System.Collections;

namespace Strake.State;

/// <summary>
/// The entries under a prefix in key order (that of their UTF-8 bytes), all as of one <see cref="Revision"/>. A watch from
/// <c>Revision + 1</c> continues it without a gap and without a repeat.
/// </summary>
/// <param name="revision">The revision of the store that was read.</param>
/// <param name="entries">The entries, in key order.</param>
public sealed class StateRange(long revision, IReadOnlyList<StateEntry> entries) : IReadOnlyList<StateEntry>
{
    /// <summary>The revision of the store that was read.</summary>
    public long Revision { get; } = revision;

    /// <inheritdoc/>
    public int Count => entries.Count;

    /// <inheritdoc/>
    public StateEntry this[int index] => entries[index];

    /// <inheritdoc/>
    public IEnumerator<StateEntry> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
