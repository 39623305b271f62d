namespace Strake.State;

/// <summary>What one transaction changed: the events of one revision, in the order of its operations; never empty.</summary>
sealed record ChangeSet(long Revision, StateEvent[] Events)
{
    /// <summary>Bytes of the new values.</summary>
    public long Bytes { get; } = Sum(Events);

    static long Sum(StateEvent[] events)
    {
        long bytes = 0;
        foreach (var change in events) bytes += change.Entry.Value.Length;
        return bytes;
    }
}
