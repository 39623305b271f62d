using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>
/// Copies a directory tree with all that a file system knows of it: modes, owners, times to the nanosecond, extended attributes (so file
/// capabilities and access lists too), hard links as hard links, symbolic links, devices, fifos, sockets, and holes. By opened directories, never
/// following a link, never crossing a mount of the source (EXDEV), at any depth. Content is shared (reflink) where the file system can.
/// </summary>
public sealed class TreeCopy
{
    const OpenFlags ReadFlags = OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking;
    const OpenFlags WriteFlags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
    const int LongestPath = 4096;

    readonly SafeFileHandle targetTop;
    readonly DirectoryChain sources;
    readonly DirectoryChain targets;
    readonly ContentCopy content = new();
    readonly MetadataCopy metadata = new();
    readonly Stack<Level> levels = new();
    readonly Dictionary<(DeviceNumber, ulong), byte[]> firstNames = [];
    readonly CancellationToken cancellationToken;
    long directories;
    long files;
    long others;
    long hardLinks;
    long contentBytes;

    TreeCopy(SafeFileHandle source, SafeFileHandle target, CancellationToken cancellationToken)
    {
        targetTop = target;
        sources = new(source);
        targets = new(target);
        this.cancellationToken = cancellationToken;
    }

    /// <summary>
    /// Copies what is in a directory into another, and then the directory's own mode, owner, times and attributes onto it. Nothing is synced: a
    /// caller that needs it calls <see cref="Syscall.SyncFs"/>.
    /// </summary>
    /// <param name="source">The directory to read, opened for reading.</param>
    /// <param name="target">The directory to fill, opened for reading; has none of the names.</param>
    /// <param name="cancellationToken">Stops between two steps; what is copied by then stays.</param>
    /// <exception cref="LinuxException">Something cannot be read or made; EEXIST where the target has a name already, EXDEV where the source has a mount.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TreeCopyReport Copy(SafeFileHandle source, SafeFileHandle target, CancellationToken cancellationToken = default) =>
        new TreeCopy(source, target, cancellationToken).Run();

    TreeCopyReport Run()
    {
        using (sources)
        using (targets)
        {
            Enter();
            while (levels.Count > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (levels.Peek().Directories.TryDequeue(out var name))
                    Descend(name);
                else
                    Leave();
            }
        }

        return new(directories, files, others, hardLinks, contentBytes, metadata.SkippedXattrs);
    }

    void Descend(byte[] name)
    {
        if (!sources.TryPush(name))
            throw Changed(sources.Current, name);

        // Private until it has its own mode, which it gets last, as its times: writing names into it changes them.
        Syscall.MkdirAt(targets.Current, name, Permissions.Octal0700);
        if (!targets.TryPush(name))
            throw Changed(targets.Current, name);

        directories++;
        Enter();
    }

    void Enter()
    {
        var level = new Level(Syscall.Stat(sources.Current));
        levels.Push(level);
        using var reader = new DirectoryReader(sources.Current);
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            CopyEntry(reader, level);
        }
    }

    void Leave()
    {
        metadata.Copy(sources.Current, targets.Current, levels.Pop().Stat);
        if (levels.Count == 0)
            return;

        sources.Pop();
        targets.Pop();
    }

    void CopyEntry(DirectoryReader entry, Level level)
    {
        var name = entry.NameWithNul;
        var kind = entry.Kind != FileKind.Unknown ? entry.Kind : Syscall.StatAt(sources.Current, name, fields: StatFields.Kind).Kind;
        if (kind == FileKind.Directory)
            level.Directories.Enqueue(name.ToArray());
        else if (kind == FileKind.Regular)
            CopyFile(name);
        else
            CopyOther(name);
    }

    void CopyFile(ReadOnlySpan<byte> name)
    {
        using var source = Syscall.OpenAt(sources.Current, name, ReadFlags);
        var stat = Syscall.Stat(source);
        if (stat.Kind != FileKind.Regular)
            throw Changed(sources.Current, name);

        if (TryLinkToFirst(stat, name))
            return;

        using var target = Syscall.OpenAt(targets.Current, name, WriteFlags, Permissions.Octal0600);
        content.Copy(source, target, stat, cancellationToken);
        metadata.Copy(source, target, stat);
        files++;
        contentBytes += stat.SizeBytes;
    }

    void CopyOther(ReadOnlySpan<byte> name)
    {
        var stat = Syscall.StatAt(sources.Current, name);
        if (TryLinkToFirst(stat, name))
            return;

        if (stat.Kind == FileKind.SymbolicLink)
            Syscall.SymlinkAt(PathBytes.Terminate(Syscall.ReadLinkAt(sources.Current, name)), targets.Current, name);
        else if (stat.Kind is FileKind.Regular or FileKind.Directory)
            throw Changed(sources.Current, name);
        else
            Syscall.MknodAt(targets.Current, name, stat.Kind, Permissions.Octal0600, stat.DeviceItself);

        metadata.CopyAt(sources.Current, targets.Current, name, stat);
        others++;
    }

    // The first name of a file is remembered, the others become links to it.
    bool TryLinkToFirst(in FileStat stat, ReadOnlySpan<byte> name)
    {
        if (stat.LinkCount < 2)
            return false;

        var key = (stat.Device, stat.Inode);
        if (!firstNames.TryGetValue(key, out var first))
        {
            firstNames.Add(key, targets.PathTo(name));
            return false;
        }

        using var file = OpenBeneath(targetTop, first);
        Syscall.LinkAt(file, targets.Current, name);
        hardLinks++;
        return true;
    }

    // A path may be longer than the kernel takes at once: it is gone down in parts then.
    static SafeFileHandle OpenBeneath(SafeFileHandle top, ReadOnlySpan<byte> path)
    {
        const ResolveFlags resolve = ResolveFlags.Beneath | ResolveFlags.NoSymlinks;
        SafeFileHandle? from = null;
        try
        {
            while (path.Length > LongestPath)
            {
                var end = path[..(LongestPath - 1)].LastIndexOf((byte)'/');
                var part = Syscall.OpenAt2(from ?? top, PathBytes.Terminate(path[..end]), OpenFlags.Path | OpenFlags.Directory, resolve);
                from?.Dispose();
                from = part;
                path = path[(end + 1)..];
            }

            return Syscall.OpenAt2(from ?? top, path, OpenFlags.Path | OpenFlags.NoFollow, resolve);
        }
        finally
        {
            from?.Dispose();
        }
    }

    static LinuxException Changed(SafeFileHandle directory, ReadOnlySpan<byte> name) =>
        new(Errno.ESTALE, "copy", Syscall.PathOf(directory, name), "it was replaced while the tree was copied");

    sealed class Level(FileStat stat)
    {
        public FileStat Stat { get; } = stat;

        public Queue<byte[]> Directories { get; } = new();
    }
}
