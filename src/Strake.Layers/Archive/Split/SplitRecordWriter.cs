using System.Buffers.Binary;
using System.IO.Compression;
using Strake.Images;
using Strake.Images.Tar;

namespace Strake.Layers.Archive.Split;

/// <summary>
/// Writes a split record while a tar goes by. Everything of the tar is given to it in order: as structure, or as content that lies in a
/// file. Synchronous: it computes, and the record is a file.
/// </summary>
sealed class SplitRecordWriter : IDisposable
{
    const int StructureRun = 32 * 1024;
    const int LongestNumber = 10;

    // Each is held in memory, 64 MiB in all; a sparse file has as many as its map says, and the map of a few megabytes says millions.
    const int MostReferences = 4 << 20;

    readonly Stream _target;
    readonly CountingStream _counted;
    readonly Stream _body;
    readonly byte[] _structure = new byte[StructureRun];
    int _structureFilled;
    byte[] _scratch = new byte[256];

    // The stretch of a file that the tar is passing.
    byte[]? _path;
    long _offset;
    long _length;
    uint _crc;

    readonly List<TarExtent> _references = [];
    long _tarLength;
    long _displaced;

    /// <summary>A writer at the start of a tar.</summary>
    /// <param name="target">Receives the record; not closed.</param>
    public SplitRecordWriter(Stream target)
    {
        _target = target;
        _target.Write(SplitFormat.Header);
        _counted = new CountingStream(target);
        _body = ZstdEncodingStream.IsSupported ? new ZstdEncodingStream(_counted, level: 1) : new GZipStream(_counted, CompressionLevel.Fastest, leaveOpen: true);
    }

    /// <summary>The stretches of files referred to so far, by the references' numbers.</summary>
    public IReadOnlyList<TarExtent> References => _references;

    /// <summary>Bytes of the tar that are headers, padding, or content that no file holds.</summary>
    public void Structure(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        EndContent();
        _tarLength += bytes.Length;
        while (!bytes.IsEmpty)
        {
            var part = Math.Min(bytes.Length, StructureRun - _structureFilled);
            bytes[..part].CopyTo(_structure.AsSpan(_structureFilled));
            _structureFilled += part;
            bytes = bytes[part..];
            if (_structureFilled == StructureRun) FlushStructure();
        }
    }

    /// <summary>Bytes of the tar that lie in a file.</summary>
    /// <param name="path">The file, relative to the layer's root, with its NUL; the same array for the same file.</param>
    /// <param name="offset">Where in the file.</param>
    /// <param name="bytes">The bytes.</param>
    public void Content(byte[] path, long offset, ReadOnlySpan<byte> bytes)
    {
        if (!ReferenceEquals(path, _path) || offset != _offset + _length)
        {
            EndContent();
            FlushStructure();
            (_path, _offset, _length, _crc) = (path, offset, 0, Crc32C.Start);
        }
        _tarLength += bytes.Length;
        _length += bytes.Length;
        _crc = Crc32C.Append(_crc, bytes);
    }

    /// <summary>Ends a file's content; whatever comes next is another stretch.</summary>
    /// <exception cref="StrakeException">TooLarge: the layer has too many of them.</exception>
    public void EndContent()
    {
        if (_path is null) return;
        var path = _path.AsSpan(0, _path.Length - 1);
        var buffer = Scratch(1 + (3 * LongestNumber) + path.Length + sizeof(uint));
        buffer[0] = SplitFormat.File;
        var at = 1 + WriteNumber(buffer[1..], (ulong)path.Length);
        path.CopyTo(buffer[at..]);
        at += path.Length;
        at += WriteNumber(buffer[at..], (ulong)_offset);
        at += WriteNumber(buffer[at..], (ulong)_length);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[at..], Crc32C.End(_crc));
        _body.Write(buffer[..(at + sizeof(uint))]);
        _path = null;
        if (_references.Count == MostReferences)
            throw StrakeException.TooLarge($"the layer's files have more than {MostReferences} stretches of content: too many files, or too many holes in them");
        _references.Add(new TarExtent(_offset, _length));
    }

    /// <summary>Announces the bytes of a reference whose file is about to be replaced; <see cref="DisplacedBytes"/> follow.</summary>
    public void BeginDisplaced(int reference, long length)
    {
        EndContent();
        FlushStructure();
        var buffer = Scratch(1 + (2 * LongestNumber));
        buffer[0] = SplitFormat.Displaced;
        var at = 1 + WriteNumber(buffer[1..], (ulong)reference);
        at += WriteNumber(buffer[at..], (ulong)length);
        _body.Write(buffer[..at]);
        _displaced++;
    }

    /// <summary>Bytes of the displaced file, as many as were announced.</summary>
    public void DisplacedBytes(ReadOnlySpan<byte> bytes) => _body.Write(bytes);

    /// <summary>Ends the record.</summary>
    public void Complete(DiffId diffId)
    {
        EndContent();
        FlushStructure();
        if (_body is ZstdEncodingStream zstd) zstd.Complete();
        _body.Dispose();
        Span<byte> trailer = stackalloc byte[SplitFormat.TrailerSize];
        new SplitTrailer(_counted.Count, _tarLength, _references.Count, _displaced, diffId).Write(trailer);
        _target.Write(trailer);
        _target.Flush();
    }

    public void Dispose() => _body.Dispose();

    void FlushStructure()
    {
        if (_structureFilled == 0) return;
        var buffer = Scratch(1 + LongestNumber);
        buffer[0] = SplitFormat.Structure;
        _body.Write(buffer[..(1 + WriteNumber(buffer[1..], (ulong)_structureFilled))]);
        _body.Write(_structure.AsSpan(0, _structureFilled));
        _structureFilled = 0;
    }

    Span<byte> Scratch(int length)
    {
        if (_scratch.Length < length) _scratch = new byte[2 * length];
        return _scratch;
    }

    static int WriteNumber(Span<byte> target, ulong number)
    {
        var at = 0;
        for (; number >= 0x80; number >>= 7) target[at++] = (byte)(number | 0x80);
        target[at++] = (byte)number;
        return at;
    }
}
