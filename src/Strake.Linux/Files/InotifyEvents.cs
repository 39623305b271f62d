namespace Strake.Linux;

/// <summary>What inotify watches for and tells (IN_*, <c>inotify(7)</c>).</summary>
[Flags]
public enum InotifyEvents : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>IN_ACCESS.</summary>
    Access = 0x1,

    /// <summary>IN_MODIFY: written to or truncated.</summary>
    Modify = 0x2,

    /// <summary>IN_ATTRIB: mode, owner, times, names, xattrs.</summary>
    Attributes = 0x4,

    /// <summary>IN_CLOSE_WRITE: one that was open for writing was closed.</summary>
    CloseWrite = 0x8,

    /// <summary>IN_CLOSE_NOWRITE.</summary>
    CloseNoWrite = 0x10,

    /// <summary>IN_OPEN.</summary>
    Open = 0x20,

    /// <summary>IN_MOVED_FROM; the same cookie as its <see cref="MovedTo"/>.</summary>
    MovedFrom = 0x40,

    /// <summary>IN_MOVED_TO.</summary>
    MovedTo = 0x80,

    /// <summary>IN_CREATE: a name came.</summary>
    Create = 0x100,

    /// <summary>IN_DELETE: a name went.</summary>
    Delete = 0x200,

    /// <summary>IN_DELETE_SELF.</summary>
    DeleteSelf = 0x400,

    /// <summary>IN_MOVE_SELF.</summary>
    MoveSelf = 0x800,

    /// <summary>IN_UNMOUNT; told only.</summary>
    Unmount = 0x2000,

    /// <summary>IN_Q_OVERFLOW; told only: events were lost, look at everything anew.</summary>
    Overflow = 0x4000,

    /// <summary>IN_IGNORED; told only: the watch is gone.</summary>
    Ignored = 0x8000,

    /// <summary>IN_ONLYDIR; watched for only.</summary>
    OnlyDirectory = 0x1000000,

    /// <summary>IN_DONT_FOLLOW; watched for only.</summary>
    DoNotFollow = 0x2000000,

    /// <summary>IN_EXCL_UNLINK; watched for only.</summary>
    ExcludeUnlinked = 0x4000000,

    /// <summary>IN_ISDIR; told only.</summary>
    Directory = 0x40000000,

    /// <summary>IN_ONESHOT; watched for only.</summary>
    OneShot = 0x80000000,
}
