namespace Strake.Linux;

/// <summary>One event of inotify.</summary>
/// <param name="Watch">Which watch; -1 for an overflow.</param>
/// <param name="Events">What happened.</param>
/// <param name="Cookie">The same for the two halves of a rename; else 0.</param>
/// <param name="Name">The name in the watched directory; empty for the watched file itself.</param>
public sealed record InotifyEvent(int Watch, InotifyEvents Events, uint Cookie, string Name);
