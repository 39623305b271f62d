using Strake.Images;

namespace Strake.Layers.Archive.Split;

/// <summary>A stretch of a seekable stream, read forward from its start.</summary>
sealed class RecordSlice(Stream record, long start, long length) : ForwardStream
{
    long _position;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        record.Position = start + _position;
        var read = await record.ReadAsync(buffer[..(int)Math.Min(buffer.Length, length - _position)], cancellationToken);
        _position += read;
        return read;
    }
}
