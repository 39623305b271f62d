namespace Strake.Volumes;

/// <summary>
/// A use of a volume: who has it, where, in which mode. As long as an attachment exists, the volume is not removed.
/// </summary>
/// <param name="Holder">Kind and id of the user, such as <c>container/4f2a…</c>; one holder may use a volume once.</param>
/// <param name="Destination">Where the holder sees the volume.</param>
/// <param name="ReadOnly">Whether the holder may only read.</param>
public sealed record Attachment(string Holder, string Destination, bool ReadOnly)
{
    /// <summary>What it leaves to others.</summary>
    public UseTerms Terms { get; init; }

    /// <summary>The user as messages name it: a container by its id alone, as Docker does, others with their kind.</summary>
    public string HolderId => ClusterHolder.NameOf(this) ?? IdOf(Holder);

    internal static string IdOf(string holder) => holder[(holder.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
