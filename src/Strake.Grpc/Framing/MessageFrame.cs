using System.Buffers;
using System.Buffers.Binary;

namespace Strake.Grpc;

/// <summary>
/// How messages follow one another in a request or response body:
/// <code>
/// compressed   1 byte, 0 or 1
/// length       4 bytes, big endian
/// message      length bytes
/// </code>
/// </summary>
/// <remarks>gRPC <c>doc/PROTOCOL-HTTP2.md</c>, <c>Length-Prefixed-Message</c>. Nothing is compressed here, nor read compressed.</remarks>
static class MessageFrame
{
    const int PrefixBytes = 5;

    /// <summary>How many bytes a message has with its prefix.</summary>
    /// <param name="message">The message.</param>
    /// <param name="marshaller">How it is written.</param>
    /// <param name="maxBytes">The longest message that is written.</param>
    /// <exception cref="GrpcException">ResourceExhausted: it is too long.</exception>
    public static int Measure<T>(T message, IGrpcMarshaller<T> marshaller, int maxBytes)
        where T : class
    {
        int length = marshaller.Measure(message);
        return length <= maxBytes && length <= int.MaxValue - PrefixBytes
            ? PrefixBytes + length
            : throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"a message of {length} bytes was to be sent; the limit is {maxBytes}");
    }

    /// <summary>Writes a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="marshaller">How it is written.</param>
    /// <param name="maxBytes">The longest message that is written.</param>
    /// <param name="target">Receives it.</param>
    /// <exception cref="GrpcException">ResourceExhausted: it is too long; nothing was written.</exception>
    public static void Write<T>(T message, IGrpcMarshaller<T> marshaller, int maxBytes, IBufferWriter<byte> target)
        where T : class
    {
        int length = Measure(message, marshaller, maxBytes) - PrefixBytes;
        Span<byte> prefix = target.GetSpan(PrefixBytes);
        prefix[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)length);
        target.Advance(PrefixBytes);
        marshaller.Write(message, target);
    }

    /// <summary>Takes a message off the front of what has come so far.</summary>
    /// <param name="received">What has come; without the message afterwards.</param>
    /// <param name="maxBytes">The longest message that is taken.</param>
    /// <param name="message">The message's bytes.</param>
    /// <returns>False where the message is not whole yet.</returns>
    /// <exception cref="GrpcException">Unimplemented: it is compressed. ResourceExhausted: it is too long.</exception>
    public static bool TryTake(ref ReadOnlySequence<byte> received, int maxBytes, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (received.Length < PrefixBytes) return false;
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        received.Slice(0, PrefixBytes).CopyTo(prefix);
        // Checked before the message is there: nobody is made to keep what will not be read.
        if (prefix[0] != 0) throw new GrpcException(GrpcStatusCode.Unimplemented, "compressed messages are not supported");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > maxBytes) throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"a message of {length} bytes came; the limit is {maxBytes}");
        if (received.Length < PrefixBytes + length) return false;
        message = received.Slice(PrefixBytes, length);
        received = received.Slice(message.End);
        return true;
    }
}
