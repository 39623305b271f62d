using System.Buffers;

namespace Strake.Grpc;

/// <summary>
/// A header block as an HTTP/2 client without a table of its own writes it (RFC 7541, 6), rewritten so that values that were joined stand
/// apart again.
/// </summary>
static class HeaderBlock
{
    /// <summary>What stands between values that were joined: the unit separator, which no header of a proper client has.</summary>
    public const char Separator = '\x1F';

    /// <summary>Writes a block with one field for each value.</summary>
    /// <param name="block">The block.</param>
    /// <param name="target">Receives it.</param>
    /// <exception cref="InvalidDataException">It is no header block.</exception>
    public static void Split(ReadOnlySpan<byte> block, IBufferWriter<byte> target)
    {
        while (!block.IsEmpty)
        {
            int name = NameLength(block, out bool hasValue);
            if (!hasValue)
            {
                target.Write(Take(block, name));
                block = block[name..];
                continue;
            }

            int prefix = ReadInteger(block[name..], 7, out int length);
            bool isHuffman = (block[name] & 0x80) != 0;
            ReadOnlySpan<byte> value = Take(block[(name + prefix)..], length);
            int whole = name + prefix + length;
            if (isHuffman || !value.Contains((byte)Separator)) target.Write(block[..whole]);
            else WriteParts(block[..name], value, target);
            block = block[whole..];
        }
    }

    static void WriteParts(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, IBufferWriter<byte> target)
    {
        foreach (Range range in value.Split((byte)Separator))
        {
            ReadOnlySpan<byte> part = value[range];
            target.Write(name);
            WriteInteger(part.Length, target);
            target.Write(part);
        }
    }

    // The bytes before a field's value: the representation's prefix, and the name where it is spelt out.
    static int NameLength(ReadOnlySpan<byte> block, out bool hasValue)
    {
        byte first = block[0];
        hasValue = (first & 0x80) == 0 && (first & 0xE0) != 0x20;
        int bits = (first & 0x80) != 0 ? 7 : (first & 0xC0) == 0x40 ? 6 : (first & 0xE0) == 0x20 ? 5 : 4;
        int read = ReadInteger(block, bits, out int index);
        if (!hasValue || index != 0) return read;
        read += ReadInteger(Take(block[read..], 1).Length == 1 ? block[read..] : default, 7, out int length);
        Take(block[read..], length);
        return read + length;
    }

    // RFC 7541, 5.1
    static int ReadInteger(ReadOnlySpan<byte> source, int bits, out int value)
    {
        if (source.IsEmpty) throw Malformed();
        int mask = (1 << bits) - 1;
        value = source[0] & mask;
        if (value < mask) return 1;
        for (int at = 1, shift = 0; at < source.Length && shift <= 21; at++, shift += 7)
        {
            value += (source[at] & 0x7F) << shift;
            if ((source[at] & 0x80) == 0) return at + 1;
        }

        throw Malformed();
    }

    static void WriteInteger(int value, IBufferWriter<byte> target)
    {
        Span<byte> bytes = target.GetSpan(6);
        int length = 0;
        if (value < 0x7F)
        {
            bytes[length++] = (byte)value;
        }
        else
        {
            bytes[length++] = 0x7F;
            for (value -= 0x7F; value >= 0x80; value >>= 7) bytes[length++] = (byte)(value | 0x80);
            bytes[length++] = (byte)value;
        }

        target.Advance(length);
    }

    static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> source, int length) => length <= source.Length ? source[..length] : throw Malformed();

    static InvalidDataException Malformed() => new("an HTTP/2 header block has another form than expected");
}
