namespace Strake.Linux;

/// <summary>The flags of the <c>…at</c> calls (AT_*, <c>linux/fcntl.h</c>). Each call takes some of them.</summary>
[Flags]
public enum AtFlags
{
    /// <summary>No flag: the last component is followed if it is a link.</summary>
    None = 0,

    /// <summary>AT_SYMLINK_NOFOLLOW: act on a link itself.</summary>
    SymlinkNoFollow = 0x100,

    /// <summary>AT_REMOVEDIR: remove a directory (unlinkat).</summary>
    RemoveDirectory = 0x200,

    /// <summary>AT_SYMLINK_FOLLOW: follow a link (linkat, which does not by itself).</summary>
    SymlinkFollow = 0x400,

    /// <summary>AT_NO_AUTOMOUNT.</summary>
    NoAutomount = 0x800,

    /// <summary>AT_EMPTY_PATH: with an empty path, act on the descriptor itself.</summary>
    EmptyPath = 0x1000,

    /// <summary>AT_RECURSIVE: the whole tree of mounts (open_tree, mount_setattr).</summary>
    Recursive = 0x8000,
}
