namespace Strake.Linux;

/// <summary>How open_tree takes a part of the tree; <see cref="AtFlags"/> may be added as numbers.</summary>
[Flags]
public enum OpenTreeFlags : uint
{
    /// <summary>Only a handle of the place, as O_PATH.</summary>
    None = 0,

    /// <summary>OPEN_TREE_CLONE: a copy of the mount, not yet anywhere in the tree.</summary>
    Clone = 1,

    /// <summary>AT_SYMLINK_NOFOLLOW.</summary>
    SymlinkNoFollow = 0x100,

    /// <summary>AT_EMPTY_PATH.</summary>
    EmptyPath = 0x1000,

    /// <summary>AT_RECURSIVE: with the mounts below.</summary>
    Recursive = 0x8000,
}
