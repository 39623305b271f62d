using Microsoft.Win32.SafeHandles;

namespace Strake.Layers.Archive;

/// <summary>Trees as they stand, mounted or not, as tars: for <c>docker export</c> and <c>docker cp</c> out of a container.</summary>
public static class TreeTar
{
    /// <summary>Writes everything below a directory; the directory itself has no entry. Other file systems mounted below it are included.</summary>
    /// <param name="directory">The tree's root; links within it are written as links and never followed.</param>
    /// <param name="target">Receives the tar; not closed.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <exception cref="StrakeException">Conflict: a file became shorter while it was read; names it.</exception>
    public static Task WriteContentAsync(SafeFileHandle directory, Stream target, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Writes one file or directory with all below it.</summary>
    /// <param name="parent">The directory that holds it.</param>
    /// <param name="name">Its name there; no slash.</param>
    /// <param name="archivedName">Its name in the tar, in the place of <paramref name="name"/>.</param>
    /// <param name="target">Receives the tar; not closed.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <exception cref="StrakeException">NotFound: there is no such name. Conflict: a file became shorter while it was read; names it.</exception>
    public static Task WriteAsync(
        SafeFileHandle parent, ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> archivedName, Stream target, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
