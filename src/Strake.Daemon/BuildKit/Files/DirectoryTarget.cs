using Strake.Linux;

namespace Strake.Daemon.BuildKit.Files;

/// <summary>
/// Files that go into a directory, which then holds these and no others. What is there from last time with the same kind, mode, owner, size,
/// time and link target stays as it is, and its bytes are not asked for again.
/// </summary>
/// <remarks>
/// Every name is opened in the opened directory that it lies in, and no link is followed: nothing of what comes can lead out of the root. A
/// file that changed is removed and made anew, so that whoever has the old one open, or another name of it, keeps it. A file has its time only
/// once it is whole: what a transfer leaves that was cut off looks like no entry, and is asked for again.
/// <para>
/// System calls for a file: openat, write, utimensat, close; for a directory: mkdirat, openat, utimensat, close. Where something is there from
/// last time, getdents64 for each directory and statx for each name come first. All files are the daemon's own user's.
/// </para>
/// </remarks>
sealed class DirectoryTarget : IFileTarget, IDisposable
{
    readonly List<TargetDirectory> directories = [];
    readonly Stack<TargetDirectory> open = new();
    readonly List<TargetLink> links = [];
    readonly TargetFiles files;
    readonly bool compares;

    /// <summary>A target.</summary>
    /// <param name="root">The directory; stays the caller's.</param>
    /// <param name="compares">Whether what is there and looks the same stays; otherwise every file is asked for.</param>
    public DirectoryTarget(RootedDirectory root, bool compares = true)
    {
        this.compares = compares;
        files = new TargetFiles(root);
        open.Push(files.Root);
    }

    /// <summary>How many names from last time stayed as they were.</summary>
    public long KeptCount { get; private set; }

    /// <summary>How many names from last time were removed, trees counted as one.</summary>
    public long RemovedCount { get; private set; }

    /// <inheritdoc/>
    public void Begin(FileEntry directory)
    {
        try
        {
            BeginDirectory(directory);
        }
        catch (LinuxException e)
        {
            throw FileErrors.Of(directory, e);
        }
    }

    /// <inheritdoc/>
    public void End() => RemoveRest(open.Pop());

    /// <inheritdoc/>
    public IFileContent? Add(FileEntry file)
    {
        try
        {
            return AddFile(file);
        }
        catch (LinuxException e)
        {
            throw FileErrors.Of(file, e);
        }
    }

    /// <inheritdoc/>
    public void Complete()
    {
        RemoveRest(open.Pop());
        foreach (TargetLink link in links) Finish(link.Entry, () => MakeLink(link));
        foreach (TargetDirectory directory in directories) Finish(directory.Entry!, () => files.Finish(directory));
    }

    /// <summary>Closes what is open.</summary>
    public void Dispose() => files.Dispose();

    void BeginDirectory(FileEntry entry)
    {
        TargetDirectory parent = open.Peek();
        byte[] name = PathBytes.Terminate(entry.Name);
        bool exists = TryFind(parent, name, out FileStat stat);
        if (exists && stat.Kind is not FileKind.Directory)
        {
            Remove(parent, name);
            exists = false;
        }

        var directory = exists ? TargetDirectory.Found(parent, name, entry, stat) : TargetDirectory.Missing(parent, name, entry);
        if (!exists) files.Make(directory);
        directories.Add(directory);
        open.Push(directory);
    }

    PendingFile? AddFile(FileEntry entry)
    {
        TargetDirectory parent = open.Peek();
        byte[] name = PathBytes.Terminate(entry.Name);
        bool exists = TryFind(parent, name, out FileStat stat);
        if (entry.IsHardLink)
        {
            // Whether the name is one of that file's already can be seen when that file is finished.
            links.Add(new TargetLink(parent, name, entry));
            return null;
        }

        if (exists && compares && IsSame(parent, name, entry, stat))
        {
            KeptCount++;
            return null;
        }

        if (exists) Remove(parent, name);
        parent.IsChanged = true;
        if (entry.Kind is FileKind.Regular) return new PendingFile(files, parent, name, entry);
        files.MakeSpecial(parent, name, entry);
        return null;
    }

    // The names from last time that come before this one have not come again.
    bool TryFind(TargetDirectory parent, byte[] name, out FileStat stat)
    {
        stat = default;
        if (!parent.HasNames) return false;
        SortedNames there = files.NamesIn(parent);
        for (; there.Current is { } before && ByteOrder.Comparer.Compare(before, name) < 0; there.MoveNext()) Remove(parent, before);
        if (there.Current is not { } same || !same.AsSpan().SequenceEqual(name)) return false;
        there.MoveNext();
        stat = Syscall.StatAt(files.Open(parent), name, fields: StatFields.Basic);
        return true;
    }

    void RemoveRest(TargetDirectory directory)
    {
        if (!directory.HasNames) return;
        try
        {
            for (SortedNames there = files.NamesIn(directory); there.Current is { } name; there.MoveNext()) Remove(directory, name);
        }
        catch (LinuxException e)
        {
            throw FileErrors.Of(directory.Entry, e);
        }
    }

    void Remove(TargetDirectory parent, byte[] name)
    {
        TreeRemoval.Remove(files.Open(parent), name);
        parent.IsChanged = true;
        RemovedCount++;
    }

    bool IsSame(TargetDirectory parent, byte[] name, FileEntry entry, in FileStat stat)
    {
        if (stat.Kind != entry.Kind || stat.ModifyTime != entry.ModifyTime || !files.Owner.Owns(stat)) return false;
        return entry.Kind switch
        {
            FileKind.SymbolicLink => Syscall.ReadLinkAt(files.Open(parent), name).AsSpan().SequenceEqual(entry.Target),
            FileKind.Regular => stat.Mode == entry.Mode && stat.SizeBytes == entry.SizeBytes,
            FileKind.CharacterDevice or FileKind.BlockDevice => stat.Mode == entry.Mode && stat.DeviceItself == entry.Device,
            _ => stat.Mode == entry.Mode,
        };
    }

    void MakeLink(TargetLink link)
    {
        if (files.IsLinked(link))
        {
            KeptCount++;
            return;
        }

        if (Syscall.TryStatAt(files.Open(link.Directory), link.Name, out _)) Remove(link.Directory, link.Name);
        files.Link(link);
        link.Directory.IsChanged = true;
    }

    static void Finish(FileEntry entry, Action step)
    {
        try
        {
            step();
        }
        catch (LinuxException e)
        {
            throw FileErrors.Of(entry, e);
        }
    }
}
