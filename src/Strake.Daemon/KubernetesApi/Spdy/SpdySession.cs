using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Strake.Daemon.KubernetesApi;

/// <summary>
/// Many streams over one connection, as kubectl opens them for ports that are forwarded: the server's half of SPDY/3.1, as far as it is spoken there. The
/// client opens all streams; a stream whose reader is slow holds the others up, and nothing is kept beyond what one may have waiting.
/// </summary>
/// <remarks>draft-mbelshe-httpbis-spdy-00, with 3.1's window updates, which kubectl's library neither sends nor heeds.</remarks>
/// <param name="transport">The connection; stays the caller's.</param>
sealed class SpdySession(Stream transport) : IDisposable
{
    const int HeaderBytes = 8;
    const int MaxFrameBytes = 1 << 20;
    const int MostDataBytes = 32 * 1024;
    const int MaxStreams = 1024;
    const ushort Version = 3;
    const byte Last = 1;
    const int RefusedStream = 3;

    const ushort SynStream = 1;
    const ushort SynReply = 2;
    const ushort RstStream = 3;
    const ushort Ping = 6;
    const ushort GoAway = 7;
    const ushort HeadersFrame = 8;

    // Number of headers: none. Not compressed, and an empty block behind it that has the reader take notice.
    static readonly byte[] s_noHeaders = [0, .. SpdyHeaderReader.LengthOf(sizeof(int)), 0, 0, 0, 0, 0, .. SpdyHeaderReader.LengthOf(0)];

    readonly SpdyHeaderReader headers = new();
    readonly ConcurrentDictionary<int, SpdyStream> streams = [];
    readonly SemaphoreSlim sending = new(1, 1);
    bool hasReplied;

    /// <summary>Serves the connection until the client ends it.</summary>
    /// <param name="opened">Told of each stream that the client opens; must return at once.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidDataException">The client breaks the protocol.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task RunAsync(Action<SpdyStream> opened, CancellationToken cancellationToken)
    {
        byte[] header = new byte[HeaderBytes];
        try
        {
            while (await transport.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, cancellationToken) == HeaderBytes)
            {
                int length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)) & 0xFFFFFF;
                if (length > MaxFrameBytes) throw new InvalidDataException($"a frame of {length} bytes");
                if (header[0] < 0x80) await TakeDataAsync(BinaryPrimitives.ReadInt32BigEndian(header), isLast: (header[4] & Last) != 0, length, cancellationToken);
                else if (!await TakeControlAsync(header, length, opened, cancellationToken)) return;
            }
        }
        finally
        {
            foreach (SpdyStream stream in streams.Values) await stream.Received.CompleteAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        headers.Dispose();
        sending.Dispose();
    }

    /// <summary>Sends a stream's data.</summary>
    internal async Task SendDataAsync(int stream, ReadOnlyMemory<byte> data, bool isLast, CancellationToken cancellationToken)
    {
        do
        {
            ReadOnlyMemory<byte> part = data[..Math.Min(data.Length, MostDataBytes)];
            data = data[part.Length..];
            await SendAsync((uint)stream, isLast && data.IsEmpty ? Last : (byte)0, part, cancellationToken);
        }
        while (!data.IsEmpty);
    }

    /// <summary>A stream is over.</summary>
    internal void Forget(int stream) => streams.TryRemove(stream, out _);

    async Task TakeDataAsync(int id, bool isLast, int length, CancellationToken cancellationToken)
    {
        streams.TryGetValue(id, out SpdyStream? stream);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Min(length, MostDataBytes));
        try
        {
            while (length > 0)
            {
                Memory<byte> part = buffer.AsMemory(0, Math.Min(length, buffer.Length));
                await transport.ReadExactlyAsync(part, cancellationToken);
                length -= part.Length;
                if (stream is not null && (await stream.Received.WriteAsync(part, cancellationToken)).IsCompleted) stream = null;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (isLast && stream is not null) await stream.Received.CompleteAsync();
    }

    // False: the client goes.
    async Task<bool> TakeControlAsync(byte[] header, int length, Action<SpdyStream> opened, CancellationToken cancellationToken)
    {
        if ((BinaryPrimitives.ReadUInt16BigEndian(header) & 0x7FFF) != Version) throw new InvalidDataException("this is not SPDY/3");
        byte[] body = new byte[length];
        await transport.ReadExactlyAsync(body, cancellationToken);
        switch (BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)))
        {
            case SynStream:
                await OpenAsync(NumberIn(body), headers.Read(body.AsSpan(Math.Min(10, length))), isLast: (header[4] & Last) != 0, opened, cancellationToken);
                return true;
            case HeadersFrame:
                headers.Read(body.AsSpan(Math.Min(4, length)));
                return true;
            case RstStream when streams.TryGetValue(NumberIn(body), out SpdyStream? stream):
                await stream.Received.CompleteAsync(new IOException("the client has given the stream up"));
                return true;
            case Ping:
                await SendControlAsync(Ping, body, cancellationToken);
                return true;
            case GoAway:
                return false;
            default:
                return true;
        }
    }

    async Task OpenAsync(int id, IReadOnlyDictionary<string, string> said, bool isLast, Action<SpdyStream> opened, CancellationToken cancellationToken)
    {
        byte[] number = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(number, id);
        var stream = new SpdyStream(this, id, said);
        if (streams.Count >= MaxStreams || !streams.TryAdd(id, stream))
        {
            await SendControlAsync(RstStream, (byte[])[.. number, 0, 0, 0, RefusedStream], cancellationToken);
            return;
        }

        byte[] first = hasReplied ? [] : [0x78, 0x20, 0, 0, 0, 0];
        if (!hasReplied) BinaryPrimitives.WriteUInt32BigEndian(first.AsSpan(2), SpdyDictionary.Checksum);
        hasReplied = true;
        await SendControlAsync(SynReply, (byte[])[.. number, .. first, .. s_noHeaders], cancellationToken);
        if (isLast) await stream.Received.CompleteAsync();
        opened(stream);
    }

    static int NumberIn(byte[] body) => body.Length >= sizeof(int) ? BinaryPrimitives.ReadInt32BigEndian(body) & int.MaxValue : throw new InvalidDataException("a frame without a number");

    Task SendControlAsync(ushort type, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        SendAsync(0x80000000u | ((uint)Version << 16) | type, flags: 0, body, cancellationToken);

    async Task SendAsync(uint first, byte flags, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        byte[] frame = ArrayPool<byte>.Shared.Rent(HeaderBytes + body.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame, first);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), body.Length);
        frame[4] = flags;
        body.CopyTo(frame.AsMemory(HeaderBytes));
        await sending.WaitAsync(cancellationToken);
        try
        {
            await transport.WriteAsync(frame.AsMemory(0, HeaderBytes + body.Length), cancellationToken);
            await transport.FlushAsync(cancellationToken);
        }
        finally
        {
            sending.Release();
            ArrayPool<byte>.Shared.Return(frame);
        }
    }
}
