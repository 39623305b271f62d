using Strake.Images;
using Strake.Images.Tar;

namespace Strake.Build;

/// <summary>A file that can be copied.</summary>
/// <param name="Path">Where it is in its tree; clean.</param>
/// <param name="Entry">What is known of it; its name means nothing.</param>
/// <param name="Content">Where a regular file's bytes are; a tree knows what that means. 0 for all else.</param>
/// <param name="Digest">The digest of a regular file's bytes where it is known already; null where it is not, and for all else.</param>
sealed record SourceFile(string Path, TarEntry Entry, long Content = 0, Digest? Digest = null)
{
    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory => Entry.Type == TarEntryType.Directory;

    /// <summary>Whether it is a symbolic link.</summary>
    public bool IsLink => Entry.Type == TarEntryType.SymbolicLink;
}
