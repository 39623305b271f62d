using System.Buffers;
using System.Buffers.Binary;

namespace Strake.Grpc;

/// <summary>
/// A connection on which metadata of one name goes out as several fields. <see cref="HttpClient"/> joins them with a comma, which a server of
/// gRPC cannot take apart again; here they are joined with a separator of ours, and taken apart in the frames that leave.
/// </summary>
/// <param name="connection">The connection; disposed with this.</param>
/// <param name="gone">Told when this is disposed.</param>
/// <remarks>
/// Only frames of headers are touched (RFC 9113, 4.1: 24 bits of length, 8 of type, 8 of flags, 32 of stream). What is read passes as it is.
/// </remarks>
sealed class RepeatedMetadataStream(Stream connection, Action<Stream> gone) : Stream
{
    // "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" comes before the first frame.
    const int PrefaceBytes = 24;
    const int FrameHeaderBytes = 9;
    const int MaxFrameBytes = 16 * 1024;
    const byte Headers = 1;
    const byte Continuation = 9;
    const byte EndHeaders = 0x4;
    const byte PaddedOrPriority = 0x28;

    readonly ArrayBufferWriter<byte> held = new();
    readonly ArrayBufferWriter<byte> block = new();
    readonly ArrayBufferWriter<byte> split = new();
    readonly ArrayBufferWriter<byte> output = new();
    bool isPastPreface;

    /// <summary>Metadata as one value a name, to be taken apart here.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Join(GrpcMetadata metadata) =>
        metadata.GroupBy(static entry => entry.Key, static entry => entry.Value, StringComparer.Ordinal)
            .Select(static group => new KeyValuePair<string, string>(group.Key, string.Join(HeaderBlock.Separator, group)));

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => connection.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => connection.ReadAsync(buffer, offset, count, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        connection.WriteAsync(Rewrite(buffer), cancellationToken);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override void Flush() => connection.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => connection.Read(buffer, offset, count);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => connection.Write(Rewrite(buffer.AsMemory(offset, count)).Span);

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Dispose();
            gone(this);
        }

        base.Dispose(disposing);
    }

    // Whole frames without joined values, which is nearly all there is, leave as they came, uncopied. A byte in a block of headers that
    // only looks like a separator makes it slower, and nothing else.
    ReadOnlyMemory<byte> Rewrite(ReadOnlyMemory<byte> written)
    {
        if (isPastPreface && held.WrittenCount == 0 && IsPlain(written.Span)) return written;
        held.Write(written.Span);
        output.ResetWrittenCount();
        ReadOnlySpan<byte> rest = held.WrittenSpan;
        if (!isPastPreface && rest.Length >= PrefaceBytes)
        {
            output.Write(rest[..PrefaceBytes]);
            rest = rest[PrefaceBytes..];
            isPastPreface = true;
        }

        if (isPastPreface)
            while (TryTakeFrames(ref rest)) { }
        byte[] unfinished = rest.ToArray();
        held.ResetWrittenCount();
        held.Write(unfinished);
        return output.WrittenMemory;
    }

    static bool IsPlain(ReadOnlySpan<byte> frames)
    {
        while (frames.Length >= FrameHeaderBytes)
        {
            int length = FrameHeaderBytes + PayloadBytes(frames);
            if (length > frames.Length) return false;
            if (frames[3] is Continuation) return false;
            if (frames[3] is Headers && ((frames[4] & EndHeaders) == 0 || frames[..length].Contains((byte)HeaderBlock.Separator))) return false;
            frames = frames[length..];
        }

        return frames.IsEmpty;
    }

    // One frame, or a header block in all of its frames.
    bool TryTakeFrames(ref ReadOnlySpan<byte> rest)
    {
        if (!IsWhole(rest)) return false;
        int length = FrameHeaderBytes + PayloadBytes(rest);
        if (rest[3] is not Headers || (rest[4] & PaddedOrPriority) != 0)
        {
            output.Write(rest[..length]);
            rest = rest[length..];
            return true;
        }

        block.ResetWrittenCount();
        int taken = 0;
        bool isLast;
        do
        {
            if (!IsWhole(rest[taken..])) return false;
            ReadOnlySpan<byte> frame = rest.Slice(taken, FrameHeaderBytes + PayloadBytes(rest[taken..]));
            block.Write(frame[FrameHeaderBytes..]);
            isLast = (frame[4] & EndHeaders) != 0;
            taken += frame.Length;
        }
        while (!isLast);

        WriteBlock(rest[..FrameHeaderBytes]);
        rest = rest[taken..];
        return true;
    }

    void WriteBlock(ReadOnlySpan<byte> header)
    {
        split.ResetWrittenCount();
        HeaderBlock.Split(block.WrittenSpan, split);
        ReadOnlySpan<byte> fields = split.WrittenSpan;
        byte type = Headers;
        // The flags other than the end of the block belong to its first frame.
        byte flags = (byte)(header[4] & ~EndHeaders);
        do
        {
            ReadOnlySpan<byte> part = fields[..Math.Min(fields.Length, MaxFrameBytes)];
            fields = fields[part.Length..];
            Span<byte> frame = output.GetSpan(FrameHeaderBytes);
            BinaryPrimitives.WriteUInt32BigEndian(frame, ((uint)part.Length << 8) | type);
            frame[4] = (byte)(flags | (fields.IsEmpty ? EndHeaders : 0));
            header[5..FrameHeaderBytes].CopyTo(frame[5..]);
            output.Advance(FrameHeaderBytes);
            output.Write(part);
            (type, flags) = (Continuation, 0);
        }
        while (!fields.IsEmpty);
    }

    static bool IsWhole(ReadOnlySpan<byte> frames) => frames.Length >= FrameHeaderBytes && frames.Length >= FrameHeaderBytes + PayloadBytes(frames);

    static int PayloadBytes(ReadOnlySpan<byte> frame) => (int)(BinaryPrimitives.ReadUInt32BigEndian(frame) >> 8);
}
