using System.Buffers;
using Strake.Images;

namespace Strake.Layers.Archive.Pipeline;

/// <summary>
/// The one buffer through which a tar leaves: what makes the tar fills it in place, and it is hashed and written out of it, both at once.
/// </summary>
sealed class TarBuffer : IDisposable
{
    const int Size = 256 * 1024;

    readonly Stream _target;
    readonly TarHash? _hash;
    byte[] _buffer = ArrayPool<byte>.Shared.Rent(Size);
    int _filled;

    /// <summary>A buffer before a stream.</summary>
    /// <param name="target">Receives the tar; not closed.</param>
    /// <param name="hashes">Whether the tar's digest is wanted.</param>
    public TarBuffer(Stream target, bool hashes)
    {
        _target = target;
        _hash = hashes ? new TarHash() : null;
    }

    /// <summary>How many bytes have gone out.</summary>
    public long Length { get; private set; }

    /// <summary>Room for the next bytes, at least one.</summary>
    public async ValueTask<Memory<byte>> RoomAsync(CancellationToken cancellationToken)
    {
        if (_filled == Size) await FlushAsync(cancellationToken);
        return _buffer.AsMemory(_filled, Size - _filled);
    }

    /// <summary>Says how much of the room was filled.</summary>
    public void Advance(int count) => _filled += count;

    /// <summary>Copies bytes.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            var room = await RoomAsync(cancellationToken);
            var part = Math.Min(room.Length, bytes.Length);
            bytes[..part].CopyTo(room);
            Advance(part);
            bytes = bytes[part..];
        }
    }

    /// <summary>Hands all to the target.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var filled = _buffer.AsMemory(0, _filled);
        // A disk or a socket needs as long as the hash does.
        var writing = _target.WriteAsync(filled, cancellationToken);
        _hash?.Append(filled.Span);
        await writing;
        Length += _filled;
        _filled = 0;
    }

    /// <summary>The digest of all that has gone out; once, at the end.</summary>
    public DiffId Digest() => _hash?.Complete() ?? throw new InvalidOperationException("This tar is not hashed.");

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _hash?.Dispose();
    }
}
