using System.Buffers.Binary;
using System.Text;

namespace Strake.Grpc.Tests.Fuzz;

/// <summary>Frames of HTTP/2, written by hand (RFC 9113, 4 and 6; RFC 7541, 6.2.2).</summary>
static class Http2Bytes
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte Continuation = 9;

    public const byte EndStream = 0x1;
    public const byte EndHeaders = 0x4;
    public const byte Acknowledge = 0x1;

    public static byte[] Preface { get; } = Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    public static byte[] Frame(byte type, byte flags, int stream, params byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, ((uint)payload.Length << 8) | type);
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    public static byte[] Block(params IEnumerable<(string Name, string Value)> fields)
    {
        var block = new MemoryStream();
        foreach ((string name, string value) in fields)
        {
            block.WriteByte(0);
            block.WriteByte((byte)name.Length);
            block.Write(Encoding.ASCII.GetBytes(name));
            block.WriteByte((byte)value.Length);
            block.Write(Encoding.ASCII.GetBytes(value));
        }

        return block.ToArray();
    }

    public static byte[] Request(string path) => Block(
        (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"), ("content-type", "application/grpc"), ("te", "trailers"));

    public static byte[] Message(byte flag, uint announced, string text)
    {
        byte[] content = Encoding.UTF8.GetBytes(text);
        var message = new byte[5 + content.Length];
        message[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(1), announced);
        content.CopyTo(message, 5);
        return message;
    }

    public static byte[] Message(string text) => Message(0, (uint)Encoding.UTF8.GetByteCount(text), text);
}
