using Microsoft.Win32.SafeHandles;

namespace Strake.Layers.Archive;

/// <summary>Tars that users send into a tree that stands: <c>docker cp</c> into a container, a volume's content.</summary>
public static class TreeExtract
{
    /// <summary>
    /// Extracts a tar, plain or compressed, below a directory. Nothing is a whiteout; what exists is replaced, directories are merged. No
    /// name and no link in the tar or in the tree leads out of <paramref name="directory"/>.
    /// </summary>
    /// <param name="source">The tar; not closed. Read to its end.</param>
    /// <param name="directory">Where to; the caller has resolved it inside the container's root. Its own mode and owner are left as they are.</param>
    /// <param name="options">Owner and rules for replacing.</param>
    /// <param name="cancellationToken">Stops between two blocks; what was extracted stays.</param>
    /// <exception cref="StrakeException">
    /// Invalid: not a tar, damaged, leading out, or a directory in the place of a file where that is not wanted; names the entry.
    /// Exhausted: no space or inodes left; names the file system.
    /// </exception>
    public static Task<LayerUsage> ExtractAsync(Stream source, SafeFileHandle directory, TreeExtractOptions options, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
