using System.Buffers;

namespace Strake.Images.Codecs;

/// <summary>A stream with a pooled buffer before it, out of which bytes are taken as they are used.</summary>
sealed class SourceBuffer(Stream source) : IDisposable
{
    const int Size = 128 * 1024;

    byte[] _buffer = ArrayPool<byte>.Shared.Rent(Size);
    int _start;
    int _end;

    /// <summary>The source, for reading past the buffer when that is empty.</summary>
    public Stream Source { get; } = source;

    /// <summary>Bytes read and not used.</summary>
    public ReadOnlySpan<byte> Available => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Whether the source has given all it has.</summary>
    public bool Ended { get; private set; }

    /// <summary>How many bytes were used in all.</summary>
    public long Used { get; private set; }

    public void Use(int count)
    {
        _start += count;
        Used += count;
    }

    /// <summary>Reads more once; the buffer must be empty.</summary>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _start = _end = 0;
        _end = await Source.ReadAsync(_buffer, cancellationToken);
        Ended = _end == 0;
    }

    /// <summary>Reads until that many bytes are there, or the source ends; for the start of a stream.</summary>
    public async ValueTask FillAtLeastAsync(int count, CancellationToken cancellationToken)
    {
        while (_end < count && !Ended)
        {
            var read = await Source.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _end += read;
            Ended = read == 0;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = 0;
    }
}
