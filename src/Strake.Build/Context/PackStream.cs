using Strake.Images;

namespace Strake.Build;

/// <summary>One file of a pack.</summary>
/// <param name="pack">The pack.</param>
/// <param name="offset">Where the file begins.</param>
/// <param name="length">How long it is.</param>
sealed class PackStream(ContextPack pack, long offset, long length) : ForwardStream
{
    long at;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, length - at);
        if (wanted == 0) return 0;
        var read = pack.Read(offset + at, buffer[..wanted]);
        at += read;
        return read;
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : ValueTask.FromResult(Read(buffer.Span));
}
