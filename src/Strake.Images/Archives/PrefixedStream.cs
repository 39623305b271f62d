namespace Strake.Images;

/// <summary>A stream whose first bytes were read already, put back before it. Forward only; closes neither.</summary>
/// <param name="start">The first bytes.</param>
/// <param name="rest">The stream after them; stays the caller's.</param>
public sealed class PrefixedStream(ReadOnlyMemory<byte> start, Stream rest) : ForwardStream
{
    ReadOnlyMemory<byte> _start = start;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_start.IsEmpty) return await rest.ReadAsync(buffer, cancellationToken);
        var length = Math.Min(_start.Length, buffer.Length);
        _start[..length].CopyTo(buffer);
        _start = _start[length..];
        return length;
    }
}
