using System.Buffers;
using System.Numerics;

namespace Strake.Daemon.BuildKit.Files;

/// <summary>Writes protocol buffers field by field; what has its default value is left out.</summary>
static class WireWriter
{
    const int Varint = 0;
    const int Bytes = 2;

    /// <summary>How many bytes a field that is a number takes.</summary>
    public static int Measure(int field, ulong value) => value == 0 ? 0 : KeyBytes(field) + VarintBytes(value);

    /// <summary>How many bytes a field that is bytes takes.</summary>
    public static int Measure(int field, ReadOnlySpan<byte> value) => value.IsEmpty ? 0 : MeasureMessage(field, value.Length);

    /// <summary>How many bytes a field that is a message takes.</summary>
    public static int MeasureMessage(int field, int length) => KeyBytes(field) + VarintBytes((ulong)length) + length;

    /// <summary>Writes a field that is a number.</summary>
    public static void Write(IBufferWriter<byte> target, int field, ulong value)
    {
        if (value == 0) return;
        WriteVarint(target, Key(field, Varint));
        WriteVarint(target, value);
    }

    /// <summary>Writes a field that is bytes.</summary>
    public static void Write(IBufferWriter<byte> target, int field, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return;
        WriteHead(target, field, value.Length);
        target.Write(value);
    }

    /// <summary>Writes the key and length of a message, which follows.</summary>
    public static void WriteHead(IBufferWriter<byte> target, int field, int length)
    {
        WriteVarint(target, Key(field, Bytes));
        WriteVarint(target, (ulong)length);
    }

    static void WriteVarint(IBufferWriter<byte> target, ulong value)
    {
        Span<byte> bytes = target.GetSpan(10);
        int length = 0;
        for (; value >= 0x80; value >>= 7) bytes[length++] = (byte)(value | 0x80);
        bytes[length++] = (byte)value;
        target.Advance(length);
    }

    static ulong Key(int field, int type) => ((ulong)field << 3) | (uint)type;

    static int KeyBytes(int field) => VarintBytes(Key(field, 0));

    static int VarintBytes(ulong value) => (BitOperations.Log2(value | 1) / 7) + 1;
}
