using Strake.Images.Tar;

namespace Strake.Images;

/// <summary>Writes the content of the current entry of a tar, and no more than was announced.</summary>
sealed class TarEntryStream(TarWriter tar, long sizeBytes) : Stream
{
    /// <summary>Bytes written so far.</summary>
    public long WrittenBytes { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length > sizeBytes - WrittenBytes)
            throw StrakeException.DataLoss($"a layer's tar is longer than the {sizeBytes} bytes that its record says");
        await tar.WriteContentAsync(buffer, cancellationToken);
        WrittenBytes += buffer.Length;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // The target may be a network; writing to it without waiting asynchronously is not offered.
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
