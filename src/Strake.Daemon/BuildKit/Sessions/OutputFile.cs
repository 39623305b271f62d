using Google.Protobuf;
using Strake.Daemon.BuildKit.Wire;
using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Sessions;

/// <summary>A client's file that an output is written to. It is whole only after <see cref="FinishAsync"/>.</summary>
/// <param name="call">The call that takes it.</param>
/// <example><code>
/// await using OutputFile file = session.OpenOutput(0, metadata, cancellationToken);
/// await tar.CopyToAsync(file, cancellationToken);
/// await file.FinishAsync(cancellationToken);
/// </code></example>
sealed class OutputFile(GrpcCall<BytesMessage, BytesMessage> call) : Stream
{
    const int BlockBytes = 256 * 1024;

    readonly byte[] block = new byte[BlockBytes];
    int used;

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

    /// <summary>Sends what is left and waits until the client has it all.</summary>
    /// <exception cref="StrakeException">The client could not keep it.</exception>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        call.Complete();
        try
        {
            while (await call.ReadAsync(cancellationToken) is not null)
            {
                // It has nothing to say but how it ended.
            }
        }
        catch (GrpcException e)
        {
            throw SessionErrors.Of("the client cannot keep the output", e);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            int taken = Math.Min(buffer.Length, block.Length - used);
            buffer[..taken].CopyTo(block.AsMemory(used));
            buffer = buffer[taken..];
            used += taken;
            if (used == block.Length) await FlushAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (used == 0) return;
        try
        {
            await call.WriteAsync(new BytesMessage { Data = UnsafeByteOperations.UnsafeWrap(block.AsMemory(0, used)) }, cancellationToken);
            used = 0;
        }
        catch (GrpcException e)
        {
            throw SessionErrors.Of("the client cannot keep the output", e);
        }
    }

    /// <summary>Nothing: see <see cref="FlushAsync"/>.</summary>
    public override void Flush()
    {
    }

    /// <summary>Refused: a thread would wait for the client.</summary>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("outputs are written asynchronously");

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Ends the call; a file that was not finished is given up.</summary>
    public override async ValueTask DisposeAsync()
    {
        await call.DisposeAsync();
        await base.DisposeAsync();
    }
}
