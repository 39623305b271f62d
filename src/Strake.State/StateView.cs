using System.Collections.Immutable;

namespace Strake.State;

/// <summary>
/// All present entries as of one revision. Immutable: a reader takes the reference and has a consistent picture, however long it looks,
/// without a lock and without a copy; the next view shares all but the changed paths of the tree.
/// </summary>
sealed class StateView(long revision, ImmutableSortedSet<StateEntry> entries, long bytes)
{
    public static readonly StateView Empty = new(0, ImmutableSortedSet.Create<StateEntry>(EntryOrder.Instance), 0);

    public long Revision => revision;

    /// <summary>In the order of their keys.</summary>
    public ImmutableSortedSet<StateEntry> Entries => entries;

    /// <summary>What the entries hold: see <see cref="SizeOf"/>.</summary>
    public long Bytes => bytes;

    /// <summary>Loads a view; the entries need no order.</summary>
    public static StateView Load(long revision, List<StateEntry> entries)
    {
        long bytes = 0;
        foreach (var entry in entries) bytes += SizeOf(entry);
        return new(revision, ImmutableSortedSet.CreateRange(EntryOrder.Instance, entries), bytes);
    }

    /// <summary>What an entry counts towards the capacity: its key (bytes, nearly) and its value.</summary>
    public static long SizeOf(StateEntry entry) => entry.Key.Length + entry.Value.Length;

    public StateEntry? Find(string key) => entries.TryGetValue(Probe(key), out var entry) ? entry : null;

    public StateRange Range(string prefix)
    {
        var index = entries.IndexOf(Probe(prefix));
        if (index < 0) index = ~index;
        var found = new List<StateEntry>();
        for (; index < entries.Count && entries[index].Key.StartsWith(prefix, StringComparison.Ordinal); index++)
            found.Add(entries[index]);
        return new StateRange(revision, found);
    }

    /// <summary>An entry to look a key up by.</summary>
    public static StateEntry Probe(string key) => new(key, default, 0, 0);
}
