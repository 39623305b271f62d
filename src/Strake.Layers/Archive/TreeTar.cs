using Microsoft.Win32.SafeHandles;
using Strake.Images.Tar;
using Strake.Layers.Archive.Paths;
using Strake.Layers.Archive.Trees;
using Strake.Linux;

namespace Strake.Layers.Archive;

/// <summary>
/// Trees as they stand, mounted or not, as tars: for <c>docker export</c> and <c>docker cp</c> out of a container. Names are sorted, links
/// are written as links and never followed. What disappears while the tree is walked is left out, as are sockets.
/// </summary>
public static class TreeTar
{
    /// <summary>Writes a tree. Other file systems mounted below its root are included.</summary>
    /// <param name="directory">The tree's root.</param>
    /// <param name="includesRoot">Whether the root has an entry itself, <c>./</c>, which comes first.</param>
    /// <param name="target">Receives the tar; not closed.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <exception cref="StrakeException">Conflict: a file became shorter while it was read; names it.</exception>
    public static async Task WriteTreeAsync(SafeFileHandle directory, bool includesRoot, Stream target, CancellationToken cancellationToken)
    {
        using var output = new TreeTarOutput(target, hashes: false, record: null);
        if (includesRoot) await output.FileAsync(directory, EntryPath.Of("."u8), [(byte)'.'], cancellationToken);
        await WriteBelowAsync(directory, EntryPath.Of(default), [], output, cancellationToken);
        await output.CompleteAsync(cancellationToken);
    }

    /// <summary>Writes one file or directory with all below it.</summary>
    /// <param name="parent">The directory that holds it.</param>
    /// <param name="name">Its name there; no slash.</param>
    /// <param name="archivedName">Its name in the tar, in the place of <paramref name="name"/>.</param>
    /// <param name="target">Receives the tar; not closed.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <exception cref="StrakeException">NotFound: there is no such name. Conflict: a file became shorter while it was read; names it.</exception>
    public static async Task WriteAsync(
        SafeFileHandle parent, ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> archivedName, Stream target, CancellationToken cancellationToken)
    {
        using var output = new TreeTarOutput(target, hashes: false, record: null);
        var path = EntryPath.Of(name.Span);
        var kind = await output.FileAsync(parent, path, archivedName.ToArray(), cancellationToken)
            ?? throw StrakeException.NotFound($"{TarName.Display(name.Span)} does not exist in {Syscall.PathOf(parent)}");
        if (kind == FileKind.Directory) await WriteBelowAsync(parent, path, archivedName.ToArray(), output, cancellationToken);
        await output.CompleteAsync(cancellationToken);
    }

    // Directories wait on a stack, the first name on top: a tree of any depth, one directory open at a time.
    static async Task WriteBelowAsync(SafeFileHandle root, EntryPath top, byte[] archivedTop, TreeTarOutput output, CancellationToken cancellationToken)
    {
        var pending = new Stack<(EntryPath Path, byte[] ArchivedName)>();
        pending.Push((top, archivedTop));
        while (pending.TryPop(out var next))
        {
            // Pushed at once when the directory above it was read; its own entry is written when its turn comes.
            if (!ReferenceEquals(next.Path, top) && !await WriteEntryAsync(root, next.Path, next.ArchivedName, output, cancellationToken)) continue;
            using var directory = TreeDirectory.TryOpen(root, next.Path.Bytes);
            if (directory is null) continue;
            foreach (var name in TreeDirectory.Names(directory).Reverse())
            {
                byte[] archived = next.ArchivedName.Length == 0 ? name : [.. next.ArchivedName, (byte)'/', .. name];
                pending.Push((EntryPath.Join(next.Path.Bytes, name), archived));
            }
        }
    }

    // False for what is no directory.
    static async Task<bool> WriteEntryAsync(SafeFileHandle root, EntryPath path, byte[] archivedName, TreeTarOutput output, CancellationToken cancellationToken)
    {
        using var parent = TreeDirectory.TryOpen(root, path.Parent);
        return parent is not null && await output.FileAsync(parent, path, archivedName, cancellationToken) == FileKind.Directory;
    }
}
