using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Daemon.BuildKit.Files;

/// <summary>Makes files below a directory. Few directories are open at a time, however many there are.</summary>
/// <param name="root">The directory; stays the caller's.</param>
sealed class TargetFiles(RootedDirectory root) : IDisposable
{
    const int MaxOpenDirectories = 64;

    /// <summary>How many files may be open at a time: more than any sender mixes, less than a process may have.</summary>
    const int MaxOpenFiles = 128;

    readonly LinkedList<TargetDirectory> openDirectories = new();
    readonly HashSet<SafeFileHandle> openFiles = [];

    /// <summary>The directory that all lie in.</summary>
    public TargetDirectory Root { get; } = TargetDirectory.Root(Syscall.OpenAt(root.Directory, ".\0"u8, OpenFlags.Directory));

    /// <summary>Whose the files are.</summary>
    public FileOwner Owner { get; } = FileOwner.OfProcess();

    /// <summary>A directory, opened. The handle is good until the next call.</summary>
    public SafeFileHandle Open(TargetDirectory directory)
    {
        if (directory.Place is { } place)
        {
            openDirectories.Remove(place);
            openDirectories.AddLast(place);
        }

        if (directory.Handle is { } handle) return handle;
        // Names are read only in one that was there before; for all else a place to make names in is enough.
        OpenFlags flags = OpenFlags.Directory | OpenFlags.NoFollow | (directory.HasNames ? OpenFlags.ReadOnly : OpenFlags.Path);
        directory.Handle = Syscall.OpenAt(Open(directory.Parent!), directory.Name, flags);
        directory.Place = openDirectories.AddLast(directory);
        if (openDirectories.Count > MaxOpenDirectories) Close(openDirectories.First!.Value);
        return directory.Handle;
    }

    /// <summary>The names from last time that are left in a directory.</summary>
    public SortedNames NamesIn(TargetDirectory directory) => directory.Names ??= SortedNames.Of(Open(directory));

    /// <summary>Makes a directory; its mode may be final only with <see cref="Finish(TargetDirectory)"/>.</summary>
    public void Make(TargetDirectory directory)
    {
        // Whatever the mode: files are made in it first.
        UnixFileMode mode = directory.Entry!.Mode | Permissions.Octal0700;
        Syscall.MkdirAt(Open(directory.Parent!), directory.Name, mode);
        directory.Parent!.IsChanged = true;
        directory.Mode = Owner.Masked(mode) | (directory.Parent.Mode & UnixFileMode.SetGroup);
    }

    /// <summary>Makes what is neither a directory nor a regular file.</summary>
    public void MakeSpecial(TargetDirectory parent, byte[] name, FileEntry entry)
    {
        SafeFileHandle directory = Open(parent);
        if (entry.Kind is FileKind.SymbolicLink)
        {
            Syscall.SymlinkAt(PathBytes.Terminate(entry.Target), directory, name);
        }
        else
        {
            Syscall.MknodAt(directory, name, entry.Kind, entry.Mode, entry.Device);
            if (Owner.Masked(entry.Mode) != entry.Mode) Syscall.ChmodAt(directory, name, entry.Mode);
        }

        foreach ((byte[] attribute, byte[] value) in entry.Attributes)
            FileAttributes.Set(attribute, terminated => Syscall.SetXattrAt(directory, name, terminated, value));
        Syscall.UtimensAt(directory, name, entry.ModifyTime, entry.ModifyTime);
    }

    /// <summary>Makes a regular file, empty, and opens it to be written.</summary>
    /// <exception cref="StrakeException">Invalid: too many are being written.</exception>
    public SafeFileHandle Create(TargetDirectory parent, byte[] name, FileEntry entry)
    {
        if (openFiles.Count >= MaxOpenFiles) throw StrakeException.Invalid($"the client's files: more than {MaxOpenFiles} files come at the same time");
        SafeFileHandle file = Syscall.OpenAt(
            Open(parent), name, OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow | OpenFlags.WriteOnly, entry.Mode);
        openFiles.Add(file);
        return file;
    }

    /// <summary>Gives a file that is whole its mode, attributes and time, and closes it.</summary>
    public void Finish(SafeFileHandle file, FileEntry entry)
    {
        // A write takes set-user-ID and capabilities away, so both come after the last.
        if (Owner.Masked(entry.Mode) != entry.Mode) Syscall.Chmod(file, entry.Mode);
        foreach ((byte[] attribute, byte[] value) in entry.Attributes)
            FileAttributes.Set(attribute, terminated => Syscall.SetXattr(file, terminated, value));
        Syscall.Utimens(file, entry.ModifyTime, entry.ModifyTime);
        openFiles.Remove(file);
        file.Dispose();
    }

    /// <summary>Gives a directory its mode, attributes and time, where they are not right already.</summary>
    public void Finish(TargetDirectory directory)
    {
        FileEntry entry = directory.Entry!;
        if (!directory.HasNames)
            foreach ((byte[] attribute, byte[] value) in entry.Attributes)
                FileAttributes.Set(attribute, terminated => Syscall.SetXattr(Open(directory), terminated, value));
        SafeFileHandle parent = Open(directory.Parent!);
        if (directory.Mode != entry.Mode) Syscall.ChmodAt(parent, directory.Name, entry.Mode);
        if (directory.IsChanged || directory.Time != entry.ModifyTime) Syscall.UtimensAt(parent, directory.Name, entry.ModifyTime, entry.ModifyTime);
    }

    /// <summary>Whether a name is already one of the file that it is to be a name of.</summary>
    public bool IsLinked(TargetLink link)
    {
        using SafeFileHandle source = root.OpenParent(PathBytes.Terminate(link.Entry.Target), out byte[] name);
        FileStat wanted = Syscall.StatAt(source, name, fields: StatFields.Inode);
        return Syscall.TryStatAt(Open(link.Directory), link.Name, out FileStat there, fields: StatFields.Inode) && there.IsSameFile(wanted);
    }

    /// <summary>Makes another name of a file.</summary>
    public void Link(TargetLink link)
    {
        using SafeFileHandle source = root.OpenParent(PathBytes.Terminate(link.Entry.Target), out byte[] name);
        Syscall.LinkAt(source, name, Open(link.Directory), link.Name);
    }

    /// <summary>Closes what is open.</summary>
    public void Dispose()
    {
        foreach (SafeFileHandle file in openFiles) file.Dispose();
        openFiles.Clear();
        while (openDirectories.First is { } first) Close(first.Value);
        Root.Handle!.Dispose();
    }

    void Close(TargetDirectory directory)
    {
        openDirectories.Remove(directory.Place!);
        directory.Place = null;
        directory.Handle!.Dispose();
        directory.Handle = null;
    }
}
