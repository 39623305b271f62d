using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Strake.Daemon.KubernetesApi;

/// <summary>Reads the headers of a peer's streams. They are one compressed stream for as long as the connection lasts, so that all must be read, in order.</summary>
/// <remarks>
/// zlib (RFC 1950) with a preset dictionary, which the platform's reader has no call for: it is given the dictionary as a first block that is not compressed
/// (RFC 1951, 3.2.4), and what comes of that is thrown away.
/// </remarks>
sealed class SpdyHeaderReader : IDisposable
{
    const int MaxHeaders = 64;
    const int MaxTextBytes = 8 * 1024;
    const int ZlibHeaderBytes = 6;

    readonly Feed feed = new();
    readonly DeflateStream inflated;
    bool hasBegun;

    /// <summary>A reader at the beginning of a connection.</summary>
    public SpdyHeaderReader() => inflated = new DeflateStream(feed, CompressionMode.Decompress);

    /// <summary>Reads a block of headers.</summary>
    /// <param name="block">As it stands in a frame.</param>
    /// <returns>The headers by their names, which are in small letters.</returns>
    /// <exception cref="InvalidDataException">It is none, or holds too much.</exception>
    public Dictionary<string, string> Read(ReadOnlySpan<byte> block)
    {
        if (!hasBegun)
        {
            if (block.Length < ZlibHeaderBytes || BinaryPrimitives.ReadUInt32BigEndian(block[2..]) != SpdyDictionary.Checksum) throw new InvalidDataException("the headers are not compressed with SPDY's dictionary");
            block = block[ZlibHeaderBytes..];
            Begin();
        }

        feed.Put(block);
        int count = ReadNumber();
        if (count is < 0 or > MaxHeaders) throw new InvalidDataException($"{count} headers");
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            string name = ReadText();
            headers[name] = ReadText();
        }

        return headers;
    }

    /// <inheritdoc/>
    public void Dispose() => inflated.Dispose();

    void Begin()
    {
        hasBegun = true;
        feed.Put([0, .. LengthOf(SpdyDictionary.Bytes.Length), .. SpdyDictionary.Bytes]);
        inflated.ReadExactly(new byte[SpdyDictionary.Bytes.Length]);
    }

    /// <summary>The length of a block that is not compressed, and its complement.</summary>
    internal static byte[] LengthOf(int length) => [(byte)length, (byte)(length >> 8), (byte)~length, (byte)(~length >> 8)];

    int ReadNumber()
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        Fill(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }

    string ReadText()
    {
        int length = ReadNumber();
        if (length is < 0 or > MaxTextBytes) throw new InvalidDataException($"a header of {length} bytes");
        byte[] bytes = new byte[length];
        Fill(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    void Fill(Span<byte> bytes)
    {
        try
        {
            inflated.ReadExactly(bytes);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("the headers are cut short", e);
        }
    }

    // What is there to be read, and no more: the end of it is the end only for now.
    sealed class Feed : Stream
    {
        byte[] bytes = [];
        int at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void Put(ReadOnlySpan<byte> more)
        {
            bytes = [.. bytes.AsSpan(at), .. more];
            at = 0;
        }

        public override int Read(Span<byte> buffer)
        {
            int count = Math.Min(buffer.Length, bytes.Length - at);
            bytes.AsSpan(at, count).CopyTo(buffer);
            at += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
