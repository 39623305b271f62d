using System.Buffers;
using System.Buffers.Binary;
using Strake.Images;

namespace Strake.Layers.Archive.Split;

/// <summary>Reads a split record's operations, forward only.</summary>
sealed class SplitRecordReader : IAsyncDisposable
{
    const int BufferSize = 64 * 1024;
    const int LongestPath = 4096;

    readonly Stream _body;
    byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    int _start;
    int _end;

    SplitRecordReader(Stream body) => _body = body;

    /// <summary>The current operation: one of <see cref="SplitFormat"/>'s.</summary>
    public byte Operation { get; private set; }

    /// <summary>For a displaced file: the reference that its bytes are for.</summary>
    public long Reference { get; private set; }

    /// <summary>For a file: its path with a NUL.</summary>
    public byte[] Path { get; private set; } = [];

    /// <summary>For a file: where the stretch starts.</summary>
    public long Offset { get; private set; }

    /// <summary>How many bytes the operation is about. For all but a file they follow, and must be read.</summary>
    public long Length { get; private set; }

    /// <summary>For a file: the bytes' CRC-32C.</summary>
    public uint Crc { get; private set; }

    /// <summary>Opens a record at its first operation.</summary>
    public static async Task<SplitRecordReader> OpenAsync(Stream record, SplitTrailer trailer, CancellationToken cancellationToken)
    {
        var slice = new RecordSlice(record, SplitFormat.HeaderSize, trailer.BodyLength);
        var (compression, body) = await LayerDecompressor.OpenAsync(slice, ExpansionLimit.None, cancellationToken);
        if (compression is Compression.Zstd or Compression.Gzip) return new SplitRecordReader(body);
        await body.DisposeAsync();
        throw SplitTrailer.Damaged("its body is not compressed");
    }

    /// <summary>Goes to the next operation; false at the end.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_start == _end && !await FillAsync(cancellationToken)) return false;
        Operation = await ByteAsync(cancellationToken);
        switch (Operation)
        {
            case SplitFormat.Structure:
                Length = await NumberAsync(cancellationToken);
                break;
            case SplitFormat.Displaced:
                Reference = await NumberAsync(cancellationToken);
                Length = await NumberAsync(cancellationToken);
                break;
            case SplitFormat.File:
                Path = await PathAsync(cancellationToken);
                Offset = await NumberAsync(cancellationToken);
                Length = await NumberAsync(cancellationToken);
                var crc = new byte[sizeof(uint)];
                await ExactlyAsync(crc, cancellationToken);
                Crc = BinaryPrimitives.ReadUInt32LittleEndian(crc);
                break;
            default:
                throw SplitTrailer.Damaged($"an operation {Operation}");
        }
        return true;
    }

    /// <summary>Reads some of the bytes that follow an operation, at least one.</summary>
    public async ValueTask<int> BytesAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        if (_start == _end && !await FillAsync(cancellationToken)) throw SplitTrailer.Damaged("it is cut short");
        var part = Math.Min(target.Length, _end - _start);
        _buffer.AsSpan(_start, part).CopyTo(target.Span);
        _start += part;
        return part;
    }

    /// <summary>Passes over the bytes that follow an operation.</summary>
    public async ValueTask SkipAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        for (var left = Length; left > 0;) left -= await BytesAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        await _body.DisposeAsync();
    }

    async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        try
        {
            _start = 0;
            _end = await _body.ReadAsync(_buffer, cancellationToken);
            return _end > 0;
        }
        catch (StrakeException error)
        {
            throw SplitTrailer.Damaged(error.Message, error);
        }
    }

    async ValueTask<byte> ByteAsync(CancellationToken cancellationToken)
    {
        if (_start == _end && !await FillAsync(cancellationToken)) throw SplitTrailer.Damaged("it is cut short");
        return _buffer[_start++];
    }

    async ValueTask<long> NumberAsync(CancellationToken cancellationToken)
    {
        ulong number = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = await ByteAsync(cancellationToken);
            number |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return number <= long.MaxValue ? (long)number : throw SplitTrailer.Damaged("a number over 63 bits");
        }
        throw SplitTrailer.Damaged("a number that does not end");
    }

    async ValueTask<byte[]> PathAsync(CancellationToken cancellationToken)
    {
        var length = await NumberAsync(cancellationToken);
        if (length is 0 or >= LongestPath) throw SplitTrailer.Damaged($"a path of {length} bytes");
        var path = new byte[length + 1];
        await ExactlyAsync(path.AsMemory(0, (int)length), cancellationToken);
        return path.AsSpan(0, (int)length).Contains((byte)0) ? throw SplitTrailer.Damaged("a path that holds a NUL") : path;
    }

    async ValueTask ExactlyAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        while (!target.IsEmpty) target = target[await BytesAsync(target, cancellationToken)..];
    }
}
