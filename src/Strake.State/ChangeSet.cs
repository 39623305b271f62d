namespace Strake.State;

/// <summary>What one transaction changed: the events of one revision, in the order of its operations; never empty.</summary>
sealed record ChangeSet(long Revision, StateEvent[] Events)
{
    /// <summary>Bytes of the new values.</summary>
    public long Bytes { get; } = Events.Sum(e => (long)e.Entry.Value.Length);
}
