using System.Runtime.InteropServices;

namespace Strake.Images.Codecs;

/// <summary>
/// ISA-L's inflate (igzip_lib.h of 2.30): two to three times zlib's speed. Its state is a struct that the caller allocates, so we depend
/// on where its fields lie; <see cref="IsUsable"/> tries it once, and whoever asks goes without it where it behaves otherwise.
/// </summary>
static unsafe partial class IsalLibrary
{
    // struct inflate_state, 87,368 bytes in 2.30; more is allocated, for a version whose tables are larger.
    public const int StateSize = 128 * 1024;
    public const int BlockStateAt = 21160;
    public const int CrcFlagAt = 21172;

    /// <summary>block_state when a member is over and its trailer checked.</summary>
    public const int BlockFinish = 5;

    /// <summary>crc_flag for a stream with gzip's header and trailer.</summary>
    public const int GzipFlag = 1;

    const string Library = "libisal.so.2";

    /// <summary>Whether the library is installed and does what we expect.</summary>
    public static bool IsUsable { get; } = Try();

    /// <summary>The fields at the front of the state.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Front
    {
        public byte* NextOut;
        public uint AvailableOut;
        public uint TotalOut;
        public byte* NextIn;
        public ulong ReadIn;
        public uint AvailableIn;
        public int ReadInLength;
    }

    [LibraryImport(Library, EntryPoint = "isal_inflate_init")]
    public static partial void InflateInit(byte* state);

    [LibraryImport(Library, EntryPoint = "isal_inflate_reset")]
    public static partial void InflateReset(byte* state);

    [LibraryImport(Library, EntryPoint = "isal_inflate")]
    public static partial int Inflate(byte* state);

    static bool Try()
    {
        if (!NativeLibrary.TryLoad(Library, out _)) return false;
        // Two members, "strake" and "keel", in stored blocks.
        byte[] sample =
        [
            0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 6, 0, 0xF9, 0xFF, .. "strake"u8, 0x78, 0x76, 0xD4, 0x03, 6, 0, 0, 0,
            0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 4, 0, 0xFB, 0xFF, .. "keel"u8, 0x44, 0x14, 0xF1, 0xDF, 4, 0, 0, 0,
        ];
        return Decodes(sample, "strakekeel"u8);
    }

    static bool Decodes(ReadOnlySpan<byte> sample, ReadOnlySpan<byte> expected)
    {
        Span<byte> output = stackalloc byte[64];
        using var codec = new IsalGzipCodec();
        var total = 0;
        try
        {
            while (true)
            {
                codec.Decode(sample, output[total..], last: true, out var consumed, out var written);
                if (consumed == 0 && written == 0) break;
                sample = sample[consumed..];
                total += written;
            }
        }
        catch (StrakeException)
        {
            return false;
        }
        return codec.AtEnd && sample.IsEmpty && output[..total].SequenceEqual(expected);
    }
}
