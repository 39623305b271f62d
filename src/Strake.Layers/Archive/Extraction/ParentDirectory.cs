using Microsoft.Win32.SafeHandles;
using Strake.Layers.Archive.Paths;

namespace Strake.Layers.Archive.Extraction;

/// <summary>An opened directory of the tree, into which entries go by their last name alone.</summary>
/// <param name="handle">The directory.</param>
/// <param name="path">Its own path, in which nothing is a symbolic link; empty for the root.</param>
sealed class ParentDirectory(SafeFileHandle handle, byte[] path)
{
    public SafeFileHandle Handle { get; } = handle;

    /// <summary>When it was last used, for eviction.</summary>
    public long LastUse { get; set; }

    /// <summary>The path of a name in it. Unlike the one that an archive has for it, this stays right whatever becomes of links.</summary>
    public EntryPath Of(EntryPath archived) => archived.Parent.SequenceEqual(path) ? archived : EntryPath.Join(path, archived.Name);

    /// <summary>The directory's own path.</summary>
    public EntryPath Path => EntryPath.Of(path);
}
