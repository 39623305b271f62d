using System.Buffers;

namespace Strake.Build;

/// <summary>Matches paths with patterns that have wildcards.</summary>
/// <remarks>
/// All places in the pattern where a path's start can lead are followed at once, so <c>a*a*a*a*b</c> costs no more than its length for
/// each character of the path, and most patterns next to nothing: one place is alive, or none.
/// </remarks>
sealed class PatternAutomaton(IReadOnlyList<PatternItem> items)
{
    // More items than this are matched with memory from the heap.
    const int MostOnStack = 128;

    /// <summary>What the pattern has to do with a path, all at one walk.</summary>
    public PatternMatch Match(ReadOnlySpan<byte> path)
    {
        var count = items.Count + 1;
        var rented = count > MostOnStack ? ArrayPool<int>.Shared.Rent(3 * count) : null;
        var memory = rented is null ? stackalloc int[3 * MostOnStack] : rented;
        memory.Clear();
        try
        {
            return Match(path, new States(memory[..count], memory[^count..]), new States(memory.Slice(count, count), memory[^count..]));
        }
        finally
        {
            if (rented is not null) ArrayPool<int>.Shared.Return(rented);
        }
    }

    PatternMatch Match(ReadOnlySpan<byte> path, States states, States next)
    {
        var result = PatternMatch.None;
        var step = 1;
        Add(ref states, 0, step);
        while (!path.IsEmpty)
        {
            if (path[0] == '/' && states.Contains(items.Count, step)) result |= PatternMatch.Parent;
            if (!Step(PatternText.Take(ref path), ref states, ref next, ++step)) return result;
        }

        if (states.Contains(items.Count, step)) result |= PatternMatch.Self;

        // A state that is not the last can be led to it by some text.
        if (Step('/', ref states, ref next, ++step) && !states.IsOnly(items.Count)) result |= PatternMatch.Below;
        return result;
    }

    bool Step(int character, ref States states, ref States next, int step)
    {
        next.Clear();
        foreach (var state in states.All)
        {
            if (state == items.Count) continue;
            if (items[state].Leads(character)) Add(ref next, state + 1, step);
            if (items[state].Stays(character)) Add(ref next, state, step);
        }

        var former = states;
        states = next;
        next = former;
        return states.All.Length > 0;
    }

    void Add(ref States states, int state, int step)
    {
        if (!states.Add(state, step) || state == items.Count) return;
        var skips = items[state].Skips;
        for (var i = 1; i <= skips; i++) Add(ref states, state + i, step);
    }

    // A set of states, listed; the marks, shared by both sets, tell in which step a state was last added.
    ref struct States(Span<int> list, Span<int> marks)
    {
        readonly Span<int> list = list;
        readonly Span<int> marks = marks;
        int count;

        public readonly ReadOnlySpan<int> All => list[..count];

        public void Clear() => count = 0;

        public bool Add(int state, int step)
        {
            if (marks[state] == step) return false;
            marks[state] = step;
            list[count++] = state;
            return true;
        }

        public readonly bool Contains(int state, int step) => marks[state] == step;

        public readonly bool IsOnly(int state) => count == 1 && list[0] == state;
    }
}
