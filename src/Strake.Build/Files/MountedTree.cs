using Strake.Images;
using Strake.Images.Tar;
using Strake.Layers.Archive.Trees;
using Strake.Linux;

namespace Strake.Build;

/// <summary>The file system of a stage or an image, mounted where nobody else sees it.</summary>
/// <param name="root">Its root; disposed with this.</param>
sealed class MountedTree(RootedDirectory root) : ISourceTree
{
    /// <inheritdoc/>
    public SourceFile? Find(string path)
    {
        if (path.Length == 0) return new SourceFile("", new TarEntry { Name = "."u8.ToArray(), Type = TarEntryType.Directory, Mode = Syscall.Stat(root.Directory).Mode });
        using var parent = TreeDirectory.TryOpen(root.Directory, BytePath.Bytes(BytePath.Parent(path)));
        return parent is null ? null : FileOf(parent, path);
    }

    /// <inheritdoc/>
    public IReadOnlyList<SourceFile> List(string path)
    {
        using var directory = TreeDirectory.TryOpen(root.Directory, BytePath.Bytes(path));
        if (directory is null) return [];
        List<SourceFile> files = [];
        foreach (var name in TreeDirectory.Names(directory))
        {
            if (FileOf(directory, BytePath.Join(path, BytePath.Of(name))) is { } file) files.Add(file);
        }

        return files;
    }

    /// <inheritdoc/>
    public Stream Open(SourceFile file)
    {
        var handle = Syscall.OpenAt2(
            root.Directory, PathBytes.Terminate(BytePath.Bytes(file.Path)), OpenFlags.ReadOnly | OpenFlags.NonBlocking, ResolveFlags.Beneath | ResolveFlags.NoSymlinks);
        return new FileStream(handle, FileAccess.Read, bufferSize: 0);
    }

    /// <inheritdoc/>
    public void Dispose() => root.Dispose();

    // Sockets cannot be copied, and are not there.
    static SourceFile? FileOf(Microsoft.Win32.SafeHandles.SafeFileHandle directory, string path)
    {
        var name = PathBytes.Terminate(BytePath.Bytes(BytePath.Name(path)));
        if (!Syscall.TryStatAt(directory, name, out var stat) || TreeFile.Type(stat.Kind) is not { } type) return null;
        return new SourceFile(path, TreeFile.Entry(directory, name, name.AsSpan()[..^1], stat, type));
    }
}
