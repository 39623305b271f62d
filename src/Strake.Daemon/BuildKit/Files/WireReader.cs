using System.Runtime.InteropServices;
using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Files;

/// <summary>Reads protocol buffers field by field, for messages whose texts are bytes.</summary>
/// <remarks>protobuf.dev, "Encoding": a field is a key (number shifted by three, wire type), then its value.</remarks>
[StructLayout(LayoutKind.Auto)]
ref struct WireReader(ReadOnlySpan<byte> message)
{
    const int Varint = 0;
    const int Fixed64 = 1;
    const int Bytes = 2;
    const int Fixed32 = 5;

    ReadOnlySpan<byte> rest = message;
    ulong number;
    ReadOnlySpan<byte> bytes;

    /// <summary>The field's number.</summary>
    public int Field { get; private set; }

    /// <summary>The value of a field that is a number.</summary>
    public readonly ulong Number => number;

    /// <summary>The value of a field that is bytes, text or a message.</summary>
    public readonly ReadOnlySpan<byte> Value => bytes;

    /// <summary>Goes to the next field; false after the last.</summary>
    /// <exception cref="GrpcException">Internal: it is no message.</exception>
    public bool Read()
    {
        if (rest.IsEmpty) return false;
        ulong key = ReadVarint();
        Field = (int)(key >> 3);
        number = 0;
        bytes = default;
        switch ((int)(key & 7))
        {
            case Varint:
                number = ReadVarint();
                break;
            case Bytes:
                bytes = Take(ReadVarint());
                break;
            case Fixed64:
                Take(sizeof(ulong));
                break;
            case Fixed32:
                Take(sizeof(uint));
                break;
            default:
                throw Malformed();
        }

        return true;
    }

    ulong ReadVarint()
    {
        ulong value = 0;
        for (int i = 0; i < rest.Length && i < 10; i++)
        {
            value |= (ulong)(rest[i] & 0x7F) << (7 * i);
            if ((rest[i] & 0x80) != 0) continue;
            rest = rest[(i + 1)..];
            return value;
        }

        throw Malformed();
    }

    ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)rest.Length) throw Malformed();
        ReadOnlySpan<byte> taken = rest[..(int)length];
        rest = rest[(int)length..];
        return taken;
    }

    static GrpcException Malformed() => new(GrpcStatusCode.Internal, "a packet of the file transfer is malformed");
}
