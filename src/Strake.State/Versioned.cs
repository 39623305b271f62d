namespace Strake.State;

/// <summary>A record as it was read or written, with the revision that an unsurprised replacement expects.</summary>
/// <param name="Id">The record's id in its table.</param>
/// <param name="Value">The record.</param>
/// <param name="Revision">The revision of its last write (<see cref="StateEntry.ModRevision"/>).</param>
/// <typeparam name="T">The record's type.</typeparam>
public sealed record Versioned<T>(string Id, T Value, long Revision);
