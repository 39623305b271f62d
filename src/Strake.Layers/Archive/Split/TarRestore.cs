using Microsoft.Win32.SafeHandles;
using Strake.Images;
using Strake.Images.Tar;
using Strake.Layers.Archive.Pipeline;
using Strake.Linux;

namespace Strake.Layers.Archive.Split;

/// <summary>
/// Puts a tar together again. All bytes go through one buffer: files are read straight into it and checked there.
/// </summary>
sealed class TarRestore : IDisposable
{
    readonly RootedDirectory _root;
    readonly TarBuffer _tar;
    readonly DisplacedFiles? _displaced;
    long _reference;

    public TarRestore(SafeFileHandle directory, Stream target, DisplacedFiles? displaced)
    {
        // Borrowed: the root below disposes what it is given.
        _root = new RootedDirectory(Syscall.Duplicate(directory), PathRule.Strict);
        _tar = new TarBuffer(target, hashes: true);
        _displaced = displaced;
    }

    /// <summary>Carries out all operations.</summary>
    public async Task<DiffId> RunAsync(SplitRecordReader record, SplitTrailer trailer, CancellationToken cancellationToken)
    {
        while (await record.ReadAsync(cancellationToken))
        {
            switch (record.Operation)
            {
                case SplitFormat.Structure:
                    await CopyAsync(record.Length, record.BytesAsync, cancellationToken);
                    break;
                case SplitFormat.File when _displaced?.Find(_reference, record.Length) is { } place:
                    place.File.Position = place.Start;
                    await CopyAsync(record.Length, place.File.ReadAsync, cancellationToken);
                    _reference++;
                    break;
                case SplitFormat.File:
                    await CopyFileAsync(record, cancellationToken);
                    _reference++;
                    break;
                default:
                    await record.SkipAsync(cancellationToken);
                    break;
            }
        }
        await _tar.FlushAsync(cancellationToken);
        return Verify(trailer);
    }

    public void Dispose()
    {
        _root.Dispose();
        _tar.Dispose();
    }

    DiffId Verify(SplitTrailer trailer)
    {
        var diffId = _tar.Digest();
        if (_reference != trailer.References) throw SplitTrailer.Damaged($"it has {_reference} references where it should have {trailer.References}");
        if (_tar.Length == trailer.TarLength && diffId == trailer.DiffId) return diffId;
        throw StrakeException.DataLoss($"the tar of layer {trailer.DiffId} cannot be given back: what its files and its record give has the digest {diffId}");
    }

    async ValueTask CopyAsync(long length, Func<Memory<byte>, CancellationToken, ValueTask<int>> readAsync, CancellationToken cancellationToken)
    {
        while (length > 0)
        {
            var room = await _tar.RoomAsync(cancellationToken);
            var read = await readAsync(room[..(int)Math.Min(length, room.Length)], cancellationToken);
            if (read == 0) throw SplitTrailer.Damaged("it is cut short");
            _tar.Advance(read);
            length -= read;
        }
    }

    async ValueTask CopyFileAsync(SplitRecordReader record, CancellationToken cancellationToken)
    {
        using var file = OpenFile(record.Path);
        if (record.Offset > 0) Syscall.Seek(file, record.Offset, SeekFrom.Start);
        var crc = Crc32C.Start;
        for (var left = record.Length; left > 0;)
        {
            var room = await _tar.RoomAsync(cancellationToken);
            var read = Syscall.TryRead(file, room.Span[..(int)Math.Min(left, room.Length)]);
            if (read <= 0) throw Changed(record.Path, "is shorter than it was");
            crc = Crc32C.Append(crc, room.Span[..read]);
            _tar.Advance(read);
            left -= read;
        }
        if (Crc32C.End(crc) != record.Crc) throw Changed(record.Path, "was changed");
    }

    SafeFileHandle OpenFile(byte[] path)
    {
        try
        {
            // Never waiting for whoever would open the other end, should it be a fifo by now.
            var file = _root.TryOpenFile(path, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking) ?? throw Changed(path, "is gone");
            if (Syscall.Stat(file, StatFields.Kind).Kind == FileKind.Regular) return file;
            file.Dispose();
            throw Changed(path, "is no file any more");
        }
        catch (LinuxException error)
        {
            throw StrakeException.DataLoss($"{TarName.Display(path.AsSpan()[..^1])} of the layer in {Syscall.PathOf(_root.Directory)} cannot be opened: {error.Message}", error);
        }
    }

    StrakeException Changed(byte[] path, string what) =>
        StrakeException.DataLoss($"{TarName.Display(path.AsSpan()[..^1])} of the layer in {Syscall.PathOf(_root.Directory)} {what}: the layer's tar cannot be given back");
}
