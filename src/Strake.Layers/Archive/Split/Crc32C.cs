using System.Buffers.Binary;
using System.Numerics;

namespace Strake.Layers.Archive.Split;

/// <summary>CRC-32C (RFC 3720, appendix B.4), by the processor's instruction where it has one.</summary>
static class Crc32C
{
    /// <summary>The value before the first byte.</summary>
    public const uint Start = uint.MaxValue;

    /// <summary>Adds bytes to a running value.</summary>
    public static uint Append(uint running, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            running = BitOperations.Crc32C(running, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (var b in bytes) running = BitOperations.Crc32C(running, b);
        return running;
    }

    /// <summary>The value of all bytes.</summary>
    public static uint End(uint running) => ~running;
}
