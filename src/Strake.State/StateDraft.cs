using System.Collections.Immutable;

namespace Strake.State;

/// <summary>
/// The next view in the making: transactions are decided against it one after the other, each seeing those before. Thrown away, it has
/// changed nothing. Pure: no I/O, no clock; the durable part is the caller's.
/// </summary>
/// <param name="start">The view to start from.</param>
/// <param name="capacityBytes">See <see cref="StateView.Bytes"/>.</param>
sealed class StateDraft(StateView start, long capacityBytes)
{
    readonly ImmutableSortedSet<StateEntry>.Builder _entries = start.Entries.ToBuilder();
    long _revision = start.Revision;
    long _bytes = start.Bytes;

    public StateView ToView() => new(_revision, _entries.ToImmutable(), _bytes);

    /// <summary>Decides a transaction and applies it to the draft.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="changes">What it changed; null when it changed nothing.</param>
    /// <exception cref="StrakeException"><see cref="ErrorKind.Exhausted"/>: it would exceed the capacity; the draft is as before.</exception>
    public CommitResult Apply(StateTransaction transaction, out ChangeSet? changes)
    {
        changes = null;
        foreach (var (key, modRevision) in transaction.Expectations)
        {
            var current = Find(key);
            if ((current?.ModRevision ?? 0) != modRevision) return new CommitResult(_revision, new FailedExpectation(key, modRevision, current));
        }

        var events = Events(transaction, _revision + 1);
        if (events.Count == 0) return new CommitResult(_revision);

        long growth = 0;
        foreach (var change in events) growth += Growth(change);
        if (growth > 0 && _bytes + growth > capacityBytes)
            throw StrakeException.Exhausted(
                $"state: put {events[0].Entry.Key}: the store holds {_bytes} bytes of records and may hold {capacityBytes}; remove what is not needed");

        foreach (var change in events)
        {
            if (change.Previous is not null) _entries.Remove(change.Previous);
            if (change.Kind == StateEventKind.Put) _entries.Add(change.Entry);
        }

        _bytes += growth;
        _revision++;
        changes = new ChangeSet(_revision, [.. events]);
        return new CommitResult(_revision);
    }

    StateEntry? Find(string key) => _entries.TryGetValue(StateView.Probe(key), out var entry) ? entry : null;

    List<StateEvent> Events(StateTransaction transaction, long revision)
    {
        var events = new List<StateEvent>(transaction.Operations.Count);
        foreach (var (key, value) in transaction.Operations)
        {
            var previous = Find(key);
            if (value is not null)
                events.Add(new(StateEventKind.Put, new(key, value, previous?.CreateRevision ?? revision, revision), previous));
            else if (previous is not null)
                events.Add(new(StateEventKind.Delete, new(key, default, 0, revision), previous));
        }

        return events;
    }

    static long Growth(StateEvent change) =>
        (change.Kind == StateEventKind.Put ? StateView.SizeOf(change.Entry) : 0)
        - (change.Previous is null ? 0 : StateView.SizeOf(change.Previous));
}
