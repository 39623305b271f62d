using Google.Protobuf;
using Strake.Daemon.BuildKit.Wire;
using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Sessions;

/// <summary>A connection that travels within a call, in pieces. One reader and one writer at a time.</summary>
/// <param name="reader">What comes; null: nothing is read.</param>
/// <param name="writer">Where it goes; null: nothing is written.</param>
/// <param name="call">The call, ended when this is disposed; null: somebody else's.</param>
sealed class CallStream(IGrpcReader<BytesMessage>? reader, IGrpcWriter<BytesMessage>? writer, GrpcCall<BytesMessage, BytesMessage>? call) : Stream
{
    // Clients take messages of up to 4 MiB.
    const int MaxPieceBytes = 1024 * 1024;

    ReadOnlyMemory<byte> rest;

    /// <inheritdoc/>
    public override bool CanRead => reader is not null;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => writer is not null;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Says that no more is written; what comes can still be read.</summary>
    public void CompleteWrites() => call?.Complete();

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (reader is null) throw new NotSupportedException();
        if (buffer.IsEmpty) return 0;
        while (rest.IsEmpty)
        {
            if (await ReadPieceAsync(reader, cancellationToken) is not { } piece) return 0;
            rest = piece;
        }

        int taken = Math.Min(rest.Length, buffer.Length);
        rest[..taken].CopyTo(buffer);
        rest = rest[taken..];
        return taken;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (writer is null) throw new NotSupportedException();
        try
        {
            for (; !buffer.IsEmpty; buffer = buffer[Math.Min(buffer.Length, MaxPieceBytes)..])
            {
                ReadOnlyMemory<byte> piece = buffer[..Math.Min(buffer.Length, MaxPieceBytes)];
                await writer.WriteAsync(new BytesMessage { Data = UnsafeByteOperations.UnsafeWrap(piece) }, cancellationToken);
            }
        }
        catch (GrpcException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Nothing: each piece goes out by itself.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Refused: a thread would wait for the client.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("calls are read asynchronously");

    /// <summary>Refused: a thread would wait for the client.</summary>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("calls are written asynchronously");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (call is not null) await call.DisposeAsync();
        await base.DisposeAsync();
    }

    static async ValueTask<ReadOnlyMemory<byte>?> ReadPieceAsync(IGrpcReader<BytesMessage> reader, CancellationToken cancellationToken)
    {
        try
        {
            // Not "? … : null": an absent array is an empty piece of memory, and that is no end.
            return (await reader.ReadAsync(cancellationToken))?.Data.Memory;
        }
        catch (GrpcException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
