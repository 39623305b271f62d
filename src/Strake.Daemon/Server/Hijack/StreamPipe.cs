using System.IO.Pipelines;

namespace Strake.Daemon.Server;

/// <summary>A stream as the two pipes that a connection's HTTP layer wants; completing them leaves the stream open.</summary>
/// <param name="stream">The stream.</param>
sealed class StreamPipe(Stream stream) : IDuplexPipe
{
    /// <inheritdoc/>
    public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    /// <inheritdoc/>
    public PipeWriter Output { get; } = PipeWriter.Create(new Outgoing(stream), new StreamPipeWriterOptions(leaveOpen: true));

    // The HTTP layer hears from the reading side that a client has gone; what it still says then is lost, and no fault.
    sealed class Outgoing(Stream stream) : Stream
    {
        bool isGone;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (isGone) return;
            try
            {
                await stream.WriteAsync(buffer, cancellationToken);
            }
            catch (IOException)
            {
                isGone = true;
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => isGone ? Task.CompletedTask : stream.FlushAsync(cancellationToken);

        public override void Flush()
        {
        }

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
