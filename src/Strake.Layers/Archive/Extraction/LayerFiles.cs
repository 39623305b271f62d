using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Strake.Layers.Archive.Paths;
using Strake.Layers.Archive.Split;
using Strake.Linux;

namespace Strake.Layers.Archive.Extraction;

/// <summary>
/// What the layer has written so far, and the removal of what is in the way. A file to which the split record refers is copied into the
/// record before it goes ("displaced").
/// </summary>
/// <remarks>
/// Files with references are known by their inode: 24 bytes each instead of a path. While the layer is being written nothing but it
/// makes files in its directory, and a removed file's inode is forgotten before the number can be given out again.
/// </remarks>
sealed class LayerFiles
{
    const int BufferSize = 64 * 1024;

    readonly SafeFileHandle _root;
    readonly ExtractionRules _rules;
    readonly SplitRecordWriter? _record;
    readonly MemoryBudget _memory;
    readonly Dictionary<ulong, (int First, int Count)> _references = [];

    // Only where the tree also holds what the layer has not written.
    readonly HashSet<byte[]>? _written;
    readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _writtenByPath;

    public LayerFiles(SafeFileHandle root, ExtractionRules rules, SplitRecordWriter? record, MemoryBudget memory)
    {
        _root = root;
        _memory = memory;
        _rules = rules;
        _record = record;
        if (rules.IsAlone) return;
        _written = new(ByteStrings.Comparer);
        _writtenByPath = _written.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Sum of the lengths of the regular files.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>Number of files of every kind.</summary>
    public long Inodes { get; private set; }

    /// <summary>Called when directories were removed.</summary>
    public Action DirectoriesRemoved { get; set; } = static () => { };

    /// <summary>The layer has written this path; a new file unless it is another name of one.</summary>
    public void Wrote(EntryPath path, bool isNewFile = true, long size = 0)
    {
        if (_written is not null)
        {
            _memory.Take(path.Bytes.Length);
            _written.Add(path.Bytes.ToArray());
        }
        if (!isNewFile) return;
        Inodes++;
        SizeBytes += size;
    }

    /// <summary>The record refers to a file of the layer.</summary>
    public void Refers(ulong inode, int first, int count)
    {
        _memory.Take(count * 16);
        _references[inode] = (first, count);
    }

    /// <summary>Whether the layer itself has written what is at a path.</summary>
    public bool IsOwn(ReadOnlySpan<byte> path) => _written is null || _writtenByPath.Contains(path);

    /// <summary>Removes what is at a path, a whole tree too.</summary>
    public void Remove(SafeFileHandle parent, EntryPath path, in FileStat stat)
    {
        if (stat.Kind != FileKind.Directory)
        {
            RemoveName(parent, path, stat);
            return;
        }
        // Of a layer, the record and the counters must learn of each file before the tree goes.
        if (_rules.IsLayer)
        {
            Walk(path, static (files, directory, child, childStat) =>
            {
                files.Forget(directory, child, childStat);
                return true;
            });
        }
        Forget(parent, path, stat);
        TreeRemoval.Remove(parent, path.NameTerminated);
        DirectoriesRemoved();
    }

    /// <summary>Removes of what is at a path all that the layer has not written itself.</summary>
    public void RemoveLower(SafeFileHandle parent, EntryPath path)
    {
        if (!Syscall.TryStatAt(parent, path.NameTerminated, out var stat)) return;
        if (stat.Kind != FileKind.Directory)
        {
            if (!IsOwn(path.Bytes)) RemoveName(parent, path, stat);
            return;
        }
        var directories = new List<EntryPath> { path };
        Walk(path, (_, directory, child, childStat) =>
        {
            if (childStat.Kind == FileKind.Directory) directories.Add(child);
            else if (!IsOwn(child.Bytes)) RemoveName(directory, child, childStat);
            return true;
        });
        directories.Reverse();
        foreach (var directory in directories.Where(d => !IsOwn(d.Bytes))) RemoveIfEmpty(directory);
        DirectoriesRemoved();
    }

    /// <summary>Whether a directory holds anything but whiteouts and directories for which that is true as well.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="isImplied">Whether a directory was made only because something lies in it.</param>
    public bool HoldsFiles(EntryPath path, Func<EntryPath, bool> isImplied)
    {
        if (!isImplied(path)) return true;
        var holds = false;
        Walk(path, (_, _, child, stat) => !(holds |= stat.Kind == FileKind.Directory ? !isImplied(child) : !Whiteouts.IsWhiteout(stat)));
        return holds;
    }

    void RemoveName(SafeFileHandle parent, EntryPath path, in FileStat stat)
    {
        Forget(parent, path, stat);
        Syscall.UnlinkAt(parent, path.NameTerminated);
    }

    void RemoveIfEmpty(EntryPath path)
    {
        using var parent = OpenDirectory(path.Parent);
        try
        {
            Syscall.TryUnlinkAt(parent, path.NameTerminated, AtFlags.RemoveDirectory);
        }
        catch (LinuxException kept) when (kept.Errno is Errno.ENOTEMPTY or Errno.EEXIST)
        {
            // The layer has written into it: it stays for that, as a directory that the layer implies. The hidden one's rights went with it.
            using var directory = Syscall.OpenAt(parent, path.NameTerminated, OpenFlags.Directory | OpenFlags.NoFollow);
            FileMetadata.ApplyImplied(directory, default);
            foreach (var name in Syscall.ListXattr(directory)) Syscall.RemoveXattr(directory, name);
        }
    }

    void Forget(SafeFileHandle parent, EntryPath path, in FileStat stat)
    {
        var own = IsOwn(path.Bytes);
        if (stat.Kind == FileKind.Regular) Displace(parent, path, stat);
        if (_written is not null) _writtenByPath.Remove(path.Bytes);
        if (!own || (stat.Kind != FileKind.Directory && stat.LinkCount > 1)) return;
        Inodes--;
        if (stat.Kind == FileKind.Regular) SizeBytes -= stat.SizeBytes;
    }

    void Displace(SafeFileHandle parent, EntryPath path, in FileStat stat)
    {
        if (_record is null || !_references.Remove(stat.Inode, out var references)) return;
        using var file = Syscall.OpenAt(parent, path.NameTerminated, OpenFlags.ReadOnly | OpenFlags.NoFollow);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (var i = references.First; i < references.First + references.Count; i++) Displace(file, i, buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    void Displace(SafeFileHandle file, int reference, byte[] buffer)
    {
        var extent = _record!.References[reference];
        _record.BeginDisplaced(reference, extent.Length);
        for (var offset = extent.Offset; offset < extent.End;)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, extent.End - offset)), offset);
            if (read == 0) throw StrakeException.DataLoss($"{Syscall.PathOf(file)} became shorter while its layer was being written");
            _record.DisplacedBytes(buffer.AsSpan(0, read));
            offset += read;
        }
    }

    // One directory is open at a time, by its path: a tree may be deeper than a process may have descriptors. Goes on while it is told to.
    void Walk(EntryPath top, Func<LayerFiles, SafeFileHandle, EntryPath, FileStat, bool> visit)
    {
        var pending = new Stack<EntryPath>([top]);
        while (pending.TryPop(out var path))
        {
            using var directory = OpenDirectory(path.Bytes);
            using var reader = new DirectoryReader(directory);
            while (reader.Read())
            {
                var child = EntryPath.Join(path.Bytes, reader.Name);
                if (!Syscall.TryStatAt(directory, reader.NameWithNul, out var stat)) continue;
                if (stat.Kind == FileKind.Directory) pending.Push(child);
                if (!visit(this, directory, child, stat)) return;
            }
        }
    }

    SafeFileHandle OpenDirectory(ReadOnlySpan<byte> path) => Syscall.OpenAt2(
        _root,
        path.IsEmpty ? ".\0"u8 : EntryPath.Of(path).Terminated,
        OpenFlags.ReadOnly | OpenFlags.Directory,
        ResolveFlags.Beneath | ResolveFlags.NoSymlinks);
}
