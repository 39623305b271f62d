namespace Strake.Daemon.Server;

/// <summary>
/// A response's body whose status is sent with its first byte: until then a failure still becomes a proper answer. Flushing before that
/// sends nothing.
/// </summary>
/// <param name="exchange">The request.</param>
/// <param name="contentType">The body's type.</param>
sealed class LazyBody(Exchange exchange, string contentType) : Stream
{
    Stream? body;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        body ??= await exchange.StartStreamAsync(contentType);
        await body.WriteAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => body?.FlushAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Nothing: what is written goes out by itself.</summary>
    public override void Flush()
    {
    }

    /// <summary>Refused: a thread would wait for the client.</summary>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("responses are written asynchronously");

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
