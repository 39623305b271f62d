using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Strake.Images.Tar;
using Strake.Layers.Archive.Paths;
using Strake.Layers.Archive.Split;
using Strake.Linux;

namespace Strake.Layers.Archive.Extraction;

/// <summary>
/// Makes the files of a tar below a directory, an entry after the other: <see cref="Begin"/>, <see cref="Write"/> as often as content
/// comes, <see cref="End"/>; after the last entry <see cref="Finish"/>.
/// </summary>
/// <remarks>
/// Where entries disagree, the later one is right, as in Docker. A hard link's own owner, mode and times are not looked at: they are the
/// file's, and a change of owner would take its capabilities away.
/// </remarks>
sealed class EntryExtraction : IDisposable, IMissingDirectories
{
    const OpenFlags NewFile = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;

    readonly SafeFileHandle _root;
    readonly ExtractionRules _rules;
    readonly SplitRecordWriter? _record;
    readonly ExtractionNotes _notes;
    readonly MemoryBudget _memory = new();
    readonly ParentDirectories _parents;
    readonly LayerFiles _files;
    readonly FileMetadata _metadata;
    readonly Whiteouts? _whiteouts;
    readonly List<DeferredLink> _deferred = [];
    readonly List<FinishedLater> _directories = [];
    readonly HashSet<byte[]> _implied = new(ByteStrings.Comparer);
    readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _impliedByPath;

    // Of the implied ones, those that are new although layers below may have their names: whiteouts hide what is there.
    readonly HashSet<byte[]> _standNew = new(ByteStrings.Comparer);

    TarEntry? _entry;
    EntryPath? _path;
    SafeFileHandle? _file;
    long _position;
    int _firstReference;

    /// <summary>An extraction into a directory.</summary>
    /// <param name="root">The directory; stays the caller's.</param>
    /// <param name="rules">How.</param>
    /// <param name="record">The split record that the files are referred to in; may be null.</param>
    /// <param name="notes">Receives what was left out.</param>
    public EntryExtraction(SafeFileHandle root, ExtractionRules rules, SplitRecordWriter? record, ExtractionNotes notes)
    {
        _root = root;
        _rules = rules;
        _record = record;
        _notes = notes;
        _parents = new ParentDirectories(root, this);
        _files = new LayerFiles(root, rules, record, _memory) { DirectoriesRemoved = _parents.Forget };
        _metadata = new FileMetadata(rules, notes);
        _whiteouts = rules.Whiteouts is { } form and not WhiteoutForm.DotWh ? new Whiteouts(form, _parents, _files, _memory) { IsImplied = p => _implied.Contains(p.Bytes.ToArray()), StandsNew = p => _standNew.Add(p.Bytes.ToArray()) } : null;
        _impliedByPath = _implied.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Where the content that comes next will lie, with a NUL; null where no file holds it.</summary>
    public byte[]? ContentPath { get; private set; }

    /// <summary>Starts an entry.</summary>
    /// <exception cref="StrakeException">Invalid: it leads out of the root, or is of no kind that can be made.</exception>
    public void Begin(TarEntry entry)
    {
        _entry = entry;
        _file = null;
        ContentPath = null;
        _parents.Sweep();
        var path = _path = EntryPath.Clean(entry.Name.Span);
        if (_rules.IsLayer && IsWhiteout(path)) return;
        if (path.IsRoot) BeginRoot(path, entry);
        else Make(path, entry);
    }

    /// <summary>Writes content of the entry.</summary>
    public void Write(long offset, ReadOnlySpan<byte> content)
    {
        if (_file is null) return;
        if (offset != _position) _position = Syscall.Seek(_file, offset, SeekFrom.Start);
        _position += content.Length;
        while (!content.IsEmpty) content = content[Syscall.TryWrite(_file, content)..];
    }

    /// <summary>Ends the entry.</summary>
    public void End()
    {
        if (_file is null) return;
        using var file = _file;
        _file = null;
        var (entry, path) = (_entry!, _path!);
        // A hole at the end.
        if (entry.Extents is not null && _position < entry.SizeBytes) Syscall.Ftruncate(file, entry.SizeBytes);
        var stat = Syscall.Stat(file, StatFields.Basic);
        _metadata.Apply(file, entry, path, stat);
        var time = FileMetadata.Time(entry);
        Syscall.Utimens(file, time, time);
        _files.Wrote(path, isNewFile: true, entry.SizeBytes);
        if (_record is null || ContentPath is null) return;
        _record.EndContent();
        var count = _record.References.Count - _firstReference;
        if (count > 0) _files.Refers(stat.Inode, _firstReference, count);
    }

    /// <summary>Does what can be done only after the last entry: links whose files came late, the times of directories.</summary>
    public ExtractionResult Finish()
    {
        var deferred = _deferred.Where(link => !TryLinkLate(link)).ToList();
        foreach (var directory in _directories) FinishDirectory(directory);
        _implied.ExceptWith(_standNew);
        var implied = _rules.IsAlone ? _implied.Order(Comparer<byte[]>.Create(static (x, y) => x.AsSpan().SequenceCompareTo(y))) : Enumerable.Empty<byte[]>();
        return new ExtractionResult
        {
            Usage = new LayerUsage(_files.SizeBytes, _files.Inodes),
            DeferredLinks = deferred,
            ImpliedDirectories = [.. implied.Select(p => new ReadOnlyMemory<byte>(p))],
            Whiteouts = _whiteouts?.Made ?? [],
        };
    }

    /// <summary>Closes what is open. What was made stays.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _parents.Dispose();
    }

    bool IMissingDirectories.ClearForDirectory(ParentDirectory parent, EntryPath path)
    {
        var stat = Syscall.StatAt(parent.Handle, path.NameTerminated);
        var isWhiteout = IsHidden(stat);
        // The parent's copy may have a file where the layer has a directory; of what the layer itself has, a file is no place for files.
        if (!isWhiteout && (!_rules.IsLayer || stat.Kind == FileKind.SymbolicLink || _files.IsOwn(path.Bytes)))
            throw StrakeException.Invalid($"{path.Display} is {Describe(stat.Kind)} and cannot hold files");
        _files.Remove(parent.Handle, path, stat);
        return isWhiteout;
    }

    void IMissingDirectories.MadeImplied(EntryPath path, ParentDirectory made, bool hidesLower)
    {
        _files.Wrote(path);
        _memory.Take(path.Bytes.Length);
        _implied.Add(path.Bytes.ToArray());
        if (hidesLower)
        {
            _standNew.Add(path.Bytes.ToArray());
            Whiteouts.SetOpaque(made.Handle);
        }
        FileMetadata.ApplyImplied(made.Handle, _rules.Owner ?? default);
    }

    // True where the entry is done with: a whiteout, or no part of the layer.
    bool IsWhiteout(EntryPath path)
    {
        var whiteout = WhiteoutName.Of(path);
        if (whiteout.Kind == WhiteoutKind.None || (_whiteouts is null && whiteout.Kind != WhiteoutKind.Metadata)) return false;
        if (whiteout.Kind == WhiteoutKind.Hides) _whiteouts!.Hide(EntryPath.Join(path.Parent, whiteout.Hidden));
        if (whiteout.Kind == WhiteoutKind.Opaque) _whiteouts!.HideContent(EntryPath.Of(path.Parent));
        return true;
    }

    // An entry for the root gives the root of a layer or a volume its mode and owner; a user's tar else leaves the directory that it is sent into as it is.
    void BeginRoot(EntryPath path, TarEntry entry)
    {
        if (entry.Type != TarEntryType.Directory) throw StrakeException.Invalid($"{entry.DisplayName} is the root and no directory");
        if (!_rules.IsLayer && !_rules.SetsRoot) return;
        using var root = Syscall.OpenAt(_root, ".\0"u8, OpenFlags.ReadOnly | OpenFlags.Directory);
        FinishExisting(root, path, entry);
    }

    void Make(EntryPath archived, TarEntry entry)
    {
        var parent = _parents.Open(archived.Parent);
        var path = _path = parent.Of(archived);
        switch (entry.Type)
        {
            case TarEntryType.Regular:
                MakeFile(parent, path, entry);
                break;
            case TarEntryType.Directory:
                MakeDirectory(parent, path, entry);
                break;
            case TarEntryType.HardLink:
                MakeHardLink(parent, path, entry);
                break;
            case TarEntryType.SymbolicLink:
                if (entry.LinkName.IsEmpty) throw StrakeException.Invalid("a symbolic link that leads to nothing");
                ClearWay(parent, path);
                Syscall.SymlinkAt(PathBytes.Terminate(entry.LinkName.Span), parent.Handle, path.NameTerminated);
                Made(parent, path, entry);
                break;
            case TarEntryType.CharacterDevice or TarEntryType.BlockDevice or TarEntryType.Fifo:
                ClearWay(parent, path);
                Syscall.MknodAt(parent.Handle, path.NameTerminated, Kind(entry.Type), entry.Mode & Permissions.Octal0777, Device(entry));
                Made(parent, path, entry);
                break;
            default:
                throw StrakeException.Invalid($"an entry of type {TarName.Display([entry.TypeFlag])}, which is none that can be extracted");
        }
    }

    void MakeFile(ParentDirectory parent, EntryPath path, TarEntry entry)
    {
        _file = CreateFile(parent, path, entry.Mode & Permissions.Octal0777);
        _position = 0;
        if (_record is null) return;
        _record.EndContent();
        _firstReference = _record.References.Count;
        ContentPath = path.Terminated;
    }

    SafeFileHandle CreateFile(ParentDirectory parent, EntryPath path, UnixFileMode mode)
    {
        // A layer on its own rarely has a name twice: there the look before is saved.
        if (!_rules.IsAlone) ClearWay(parent, path);
        try
        {
            return Syscall.OpenAt(parent.Handle, path.NameTerminated, NewFile, mode);
        }
        catch (LinuxException exists) when (exists.Errno == Errno.EEXIST)
        {
            ClearWay(parent, path);
            return Syscall.OpenAt(parent.Handle, path.NameTerminated, NewFile, mode);
        }
    }

    void MakeDirectory(ParentDirectory parent, EntryPath path, TarEntry entry)
    {
        var hidesLower = false;
        var isNew = Syscall.TryMkdirAt(parent.Handle, path.NameTerminated, entry.Mode & Permissions.Octal0777);
        if (!isNew && Syscall.StatAt(parent.Handle, path.NameTerminated) is { Kind: not FileKind.Directory } stat)
        {
            if (!_rules.ReplaceDirectories) throw StrakeException.Invalid($"cannot overwrite non-directory \"{path.Display}\" with directory");
            // What is below was hidden by a whiteout, or by a file of this same layer that stood here until now.
            hidesLower = _rules.Whiteouts == WhiteoutForm.Overlay;
            _files.Remove(parent.Handle, path, stat);
            Syscall.MkdirAt(parent.Handle, path.NameTerminated, entry.Mode & Permissions.Octal0777);
            isNew = true;
        }
        var directory = Syscall.OpenAt(parent.Handle, path.NameTerminated, OpenFlags.Directory | OpenFlags.NoFollow);
        _parents.Adopt(path, directory);
        _impliedByPath.Remove(path.Bytes);
        _files.Wrote(path, isNew);
        if (hidesLower) Whiteouts.SetOpaque(directory);
        if (isNew) FinishNew(directory, path, entry);
        else FinishExisting(directory, path, entry);
    }

    void FinishExisting(SafeFileHandle directory, EntryPath path, TarEntry entry)
    {
        if (_rules.IsLayer) FileMetadata.RemoveOtherXattrs(directory, entry);
        FinishNew(directory, path, entry);
    }

    void FinishNew(SafeFileHandle directory, EntryPath path, TarEntry entry)
    {
        _metadata.Apply(directory, entry, path, Syscall.Stat(directory, StatFields.Basic));
        // What is made in it later would change its time.
        var later = new FinishedLater(path, FileMetadata.Time(entry), entry.Xattrs.FirstOrDefault(static x => x.Name.Span.SequenceEqual(FileMetadata.DefaultAcl)));
        _memory.Take(path.Bytes.Length + later.DefaultAcl.Value.Length);
        _directories.Add(later);
    }

    void MakeHardLink(ParentDirectory parent, EntryPath path, TarEntry entry)
    {
        var target = EntryPath.Clean(entry.LinkName.Span);
        if (target.IsRoot) throw StrakeException.Invalid("a hard link to the root");
        var holder = _parents.Find(target.Parent);
        target = holder?.Of(target) ?? target;
        var isThere = holder is not null && Syscall.TryStatAt(holder.Handle, target.NameTerminated, out var file) && !IsHidden(file);
        if (isThere && Syscall.TryStatAt(parent.Handle, path.NameTerminated, out var known))
        {
            // The same file under both names already, or the same name twice: the way must not be cleared of it.
            if (known.IsSameFile(Syscall.StatAt(holder!.Handle, target.NameTerminated)))
            {
                _files.Wrote(path, isNewFile: false);
                return;
            }
        }
        ClearWay(parent, path);
        if (!isThere || !TryLink(holder!, target, parent, path)) Defer(path, target);
    }

    // False where the file is gone: it lay below the directory whose place the link takes.
    bool TryLink(ParentDirectory holder, EntryPath target, ParentDirectory parent, EntryPath path)
    {
        try
        {
            Syscall.LinkAt(holder.Handle, target.NameTerminated, parent.Handle, path.NameTerminated);
        }
        catch (LinuxException gone) when (gone.Errno == Errno.ENOENT)
        {
            return false;
        }
        catch (LinuxException directory) when (directory.Errno == Errno.EPERM)
        {
            throw StrakeException.Invalid($"a hard link to {target.Display}, which is a directory", directory);
        }
        _files.Wrote(path, isNewFile: false);
        return true;
    }

    void Defer(EntryPath path, EntryPath target)
    {
        if (!_rules.IsAlone) throw StrakeException.Invalid($"a hard link to {target.Display}, which does not exist");
        _memory.Take(path.Bytes.Length + target.Bytes.Length);
        _deferred.Add(new DeferredLink(path.Memory, target.Memory));
    }

    // True where nothing is left to do for the link.
    bool TryLinkLate(DeferredLink link)
    {
        var (path, target) = (EntryPath.Of(link.Path.Span), EntryPath.Of(link.Target.Span));
        var parent = _parents.Open(path.Parent);
        // A later entry has the name.
        if (Syscall.TryStatAt(parent.Handle, path.NameTerminated, out var stat) && !IsHidden(stat)) return true;
        var holder = _parents.Find(target.Parent);
        if (holder is null || !Syscall.TryStatAt(holder.Handle, target.NameTerminated, out var file) || IsHidden(file)) return false;
        ClearWay(parent, path);
        return TryLink(holder, target, parent, path);
    }

    void Made(ParentDirectory parent, EntryPath path, TarEntry entry)
    {
        _metadata.ApplyAt(parent.Handle, entry, path);
        _files.Wrote(path);
        if (entry.Type == TarEntryType.CharacterDevice && Device(entry) == default && _rules.Whiteouts == WhiteoutForm.Overlay)
            _notes.Add($"{path.Display}: a character device 0:0 is a whiteout to the overlay");
    }

    // Removes what has the name of something that is no directory.
    void ClearWay(ParentDirectory parent, EntryPath path)
    {
        if (!Syscall.TryStatAt(parent.Handle, path.NameTerminated, out var stat)) return;
        if (stat.Kind == FileKind.Directory && !_rules.ReplaceDirectories)
            throw StrakeException.Invalid($"cannot overwrite directory \"{path.Display}\" with non-directory");
        _files.Remove(parent.Handle, path, stat);
    }

    void FinishDirectory(FinishedLater later)
    {
        var path = later.Path;
        // By now something else may have its name.
        using var directory = path.IsRoot
            ? Syscall.OpenAt(_root, ".\0"u8, OpenFlags.Directory)
            : TryOpenDirectory(path);
        if (directory is null) return;
        if (!later.DefaultAcl.Name.IsEmpty)
            _metadata.Set(later.DefaultAcl, path, x => Syscall.SetXattr(directory, PathBytes.Terminate(x.Name.Span), x.Value.Span));
        Syscall.Utimens(directory, later.Time, later.Time);
    }

    SafeFileHandle? TryOpenDirectory(EntryPath path)
    {
        if (_parents.Find(path.Parent) is not { } parent) return null;
        try
        {
            return Syscall.TryOpenAt(parent.Handle, path.NameTerminated, OpenFlags.Directory | OpenFlags.NoFollow);
        }
        catch (LinuxException link) when (link.Errno == Errno.ELOOP)
        {
            return null;
        }
    }

    bool IsHidden(in FileStat stat) => _rules.Whiteouts == WhiteoutForm.Overlay && Whiteouts.IsWhiteout(stat);

    static FileKind Kind(TarEntryType type) => type switch
    {
        TarEntryType.CharacterDevice => FileKind.CharacterDevice,
        TarEntryType.BlockDevice => FileKind.BlockDevice,
        _ => FileKind.Fifo,
    };

    // The kernel's numbers have 12 and 20 bits; what is larger would be another device.
    static DeviceNumber Device(TarEntry entry) => entry.DeviceMajor < 1 << 12 && entry.DeviceMinor < 1 << 20
        ? new DeviceNumber(entry.DeviceMajor, entry.DeviceMinor)
        : throw StrakeException.Invalid($"a device {entry.DeviceMajor}:{entry.DeviceMinor}");

    static string Describe(FileKind kind) => kind switch
    {
        FileKind.SymbolicLink => "a symbolic link that leads to no directory",
        FileKind.Regular => "a file",
        _ => "no directory",
    };

    /// <summary>What a directory gets when nothing is made in it any more.</summary>
    [StructLayout(LayoutKind.Auto)]
    readonly record struct FinishedLater(EntryPath Path, UnixTime Time, TarXattr DefaultAcl);
}
