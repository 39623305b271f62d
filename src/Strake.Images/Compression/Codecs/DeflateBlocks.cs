using System.IO.Compression;

namespace Strake.Images.Codecs;

/// <summary>Compresses blocks that stand alone, with ISA-L or, where that is not installed, with the runtime's zlib. One caller at a time.</summary>
sealed unsafe partial class DeflateBlocks : IDisposable
{
    readonly IsalDeflate? _isal = IsalDeflate.IsUsable ? new IsalDeflate() : null;

    /// <summary>The most that a block can become.</summary>
    public static int Bound(int length) => IsalDeflate.Bound(length);

    /// <summary>Compresses a block; what comes of several, one behind the other, is one deflate stream without its end.</summary>
    /// <returns>How much was written.</returns>
    public int Compress(ReadOnlySpan<byte> input, byte[] output)
    {
        if (_isal is not null) return _isal.Compress(input, output);
        using var target = new MemoryStream(output);
        using var zlib = new DeflateStream(target, CompressionLevel.Fastest, leaveOpen: true);
        zlib.Write(input);
        // Z_SYNC_FLUSH: the block ends on a byte. What disposal adds, the end of a stream, is left out.
        zlib.Flush();
        return (int)target.Position;
    }

    /// <summary>gzip's checksum of a block.</summary>
    public static uint Checksum(ReadOnlySpan<byte> block)
    {
        if (IsalDeflate.IsUsable) return IsalDeflate.Checksum(block);
        fixed (byte* start = block) return (uint)Crc32(0, start, (uint)block.Length);
    }

    /// <summary>The checksum of two blocks in a row.</summary>
    public static uint Combine(uint first, uint second, int secondLength) => (uint)Crc32Combine(first, second, secondLength);

    public void Dispose() => _isal?.Dispose();

    [System.Runtime.InteropServices.LibraryImport("libz.so.1", EntryPoint = "crc32")]
    private static partial nuint Crc32(nuint start, byte* buffer, uint length);

    [System.Runtime.InteropServices.LibraryImport("libz.so.1", EntryPoint = "crc32_combine")]
    private static partial nuint Crc32Combine(nuint first, nuint second, nint secondLength);
}
