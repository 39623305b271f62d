namespace Strake.State;

/// <summary>One change of one key, as a watch reports it.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Entry">
/// The entry after the change. Of a delete only <see cref="StateEntry.Key"/> and <see cref="StateEntry.ModRevision"/> (the revision of
/// the delete) say something; its value is empty and its create revision 0.
/// </param>
/// <param name="Previous">The entry before the change; null when the change created the key.</param>
public sealed record StateEvent(StateEventKind Kind, StateEntry Entry, StateEntry? Previous)
{
    /// <summary>The revision at which it happened; changes of one transaction share it.</summary>
    public long Revision => Entry.ModRevision;
}
