using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Strake.Images;
using Strake.Images.Tar;
using Strake.Layers.Archive.Extraction;
using Strake.Layers.Archive.Paths;
using Strake.Layers.Archive.Pipeline;
using Strake.Layers.Archive.Split;
using Strake.Linux;

namespace Strake.Layers.Archive.Trees;

/// <summary>
/// Writes files on disk as a tar's entries. A file with several names is written once; its other names are hard links to the first.
/// </summary>
sealed class TreeTarOutput : IDisposable
{
    readonly TarBuffer _tar;
    readonly SplitRecordWriter? _record;
    readonly TarTime? _latest;
    readonly ExtractionNotes _notes = new();
    readonly ArrayBufferWriter<byte> _headers = new(4096);
    readonly Dictionary<(DeviceNumber Device, ulong Inode), byte[]> _firstNames = [];

    /// <summary>A tar at its start.</summary>
    /// <param name="target">Receives it; not closed.</param>
    /// <param name="hashes">Whether its digest is wanted.</param>
    /// <param name="record">The split record that refers to the files written; null when not wanted.</param>
    /// <param name="latest">The latest time that an entry may have; null: any.</param>
    public TreeTarOutput(Stream target, bool hashes, SplitRecordWriter? record, TarTime? latest = null)
    {
        _latest = latest;
        _tar = new TarBuffer(target, hashes);
        _record = record;
    }

    /// <summary>Sum of the lengths of the files written.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>Number of files written, hard links counted once.</summary>
    public long Inodes { get; private set; }

    /// <summary>What was left out.</summary>
    public IReadOnlyList<string> Notes => _notes.Lines;

    /// <summary>How long the tar is.</summary>
    public long Length => _tar.Length;

    /// <summary>Writes one file, a directory without what is in it.</summary>
    /// <param name="directory">The directory that holds it.</param>
    /// <param name="path">Its path below the tree's root.</param>
    /// <param name="archivedName">Its name in the archive, without the slash that directories get.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <returns>What the file is; null where it is gone.</returns>
    public async ValueTask<FileKind?> FileAsync(SafeFileHandle directory, EntryPath path, byte[] archivedName, CancellationToken cancellationToken)
    {
        var name = path.NameTerminated.ToArray();
        if (!Syscall.TryStatAt(directory, name, out var stat)) return null;
        if (TreeFile.Type(stat.Kind) is not { } type)
        {
            _notes.Add($"{path.Display}: left out, for a tar cannot hold a socket");
            return stat.Kind;
        }
        if (type == TarEntryType.Regular) return await RegularAsync(directory, path, name, archivedName, cancellationToken);
        var entry = TreeFile.Entry(directory, name, archivedName, stat, type);
        if (type != TarEntryType.Directory && FirstName(stat, archivedName) is { } first) await HardLinkAsync(entry, first, cancellationToken);
        else await NewAsync(entry, cancellationToken);
        return stat.Kind;
    }

    /// <summary>Writes an entry without content that is no file of the tree: a whiteout.</summary>
    public ValueTask MarkerAsync(byte[] archivedName, TarTime time, CancellationToken cancellationToken) =>
        NewAsync(new TarEntry { Name = archivedName, Type = TarEntryType.Regular, ModifiedTime = time }, cancellationToken);

    /// <summary>Ends the tar.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        await StructureAsync(new byte[TarEncoder.EndMarkerSizeBytes], cancellationToken);
        await _tar.FlushAsync(cancellationToken);
    }

    /// <summary>The digest; once, at the end.</summary>
    public DiffId Digest() => _tar.Digest();

    public void Dispose() => _tar.Dispose();

    async ValueTask<FileKind?> RegularAsync(SafeFileHandle directory, EntryPath path, byte[] name, byte[] archivedName, CancellationToken cancellationToken)
    {
        // The headers and the content must be of one and the same file: both come from this handle.
        using var file = TryOpen(directory, name);
        if (file is null) return null;
        var stat = Syscall.Stat(file, StatFields.Basic);
        if (stat.Kind != FileKind.Regular) return null;
        var entry = TreeFile.Entry(directory, name, archivedName, stat, TarEntryType.Regular);
        if (FirstName(stat, archivedName) is { } first)
        {
            await HardLinkAsync(entry, first, cancellationToken);
            return FileKind.Regular;
        }
        await NewAsync(entry, cancellationToken);
        SizeBytes += entry.SizeBytes;
        await ContentAsync(file, path, entry.SizeBytes, cancellationToken);
        await StructureAsync(new byte[TarEncoder.PaddingSizeBytes(entry.SizeBytes)], cancellationToken);
        return FileKind.Regular;
    }

    // Never waiting for another end, should the name be a fifo's by now; null where it is gone or a link.
    static SafeFileHandle? TryOpen(SafeFileHandle directory, byte[] name)
    {
        try
        {
            return Syscall.TryOpenAt(directory, name, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking);
        }
        catch (LinuxException replaced) when (replaced.Errno is Errno.ELOOP or Errno.ENXIO)
        {
            return null;
        }
    }

    byte[]? FirstName(in FileStat stat, byte[] archivedName) =>
        stat.LinkCount > 1 && !_firstNames.TryAdd((stat.Device, stat.Inode), archivedName) ? _firstNames[(stat.Device, stat.Inode)] : null;

    ValueTask HardLinkAsync(TarEntry entry, byte[] first, CancellationToken cancellationToken) =>
        HeadersAsync(entry with { Type = TarEntryType.HardLink, LinkName = first, SizeBytes = 0, DeviceMajor = 0, DeviceMinor = 0, Xattrs = [] }, cancellationToken);

    ValueTask NewAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        Inodes++;
        return HeadersAsync(entry, cancellationToken);
    }

    async ValueTask HeadersAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        _headers.ResetWrittenCount();
        TarEncoder.Encode(entry with { ModifiedTime = entry.ModifiedTime.AtMost(_latest) }, _headers);
        await StructureAsync(_headers.WrittenMemory, cancellationToken);
    }

    ValueTask StructureAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _record?.Structure(bytes.Span);
        return _tar.WriteAsync(bytes, cancellationToken);
    }

    async ValueTask ContentAsync(SafeFileHandle file, EntryPath path, long size, CancellationToken cancellationToken)
    {
        for (long offset = 0; offset < size;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var room = await _tar.RoomAsync(cancellationToken);
            var read = Syscall.TryRead(file, room.Span[..(int)Math.Min(room.Length, size - offset)]);
            if (read <= 0) throw StrakeException.Conflict($"{path.Display} became shorter while it was read: try again");
            _record?.Content(path.Terminated, offset, room.Span[..read]);
            _tar.Advance(read);
            offset += read;
        }
        _record?.EndContent();
    }
}
