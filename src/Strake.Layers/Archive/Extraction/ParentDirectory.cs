using Microsoft.Win32.SafeHandles;

namespace Strake.Layers.Archive.Extraction;

/// <summary>An opened directory of the tree, into which entries go by their last name alone.</summary>
sealed class ParentDirectory(SafeFileHandle handle, bool isCanonical)
{
    public SafeFileHandle Handle { get; } = handle;

    /// <summary>Whether its path leads to it without a symbolic link: the path then stays right whatever becomes of links.</summary>
    public bool IsCanonical { get; } = isCanonical;

    /// <summary>When it was last used, for eviction.</summary>
    public long LastUse { get; set; }
}
