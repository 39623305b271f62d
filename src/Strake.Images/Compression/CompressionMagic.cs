namespace Strake.Images;

/// <summary>The first bytes by which compressed streams are told apart.</summary>
public static class CompressionMagic
{
    /// <summary>How many bytes <see cref="Recognise"/> looks at, at most.</summary>
    public const int MaxLength = 6;

    /// <summary>The compression of a stream that begins so; <see cref="Compression.None"/> for what is none that we know.</summary>
    /// <param name="start">The first bytes, at least <see cref="MaxLength"/> of them unless the stream is shorter.</param>
    public static Compression Recognise(ReadOnlySpan<byte> start) => start switch
    {
        // RFC 1952, 2.3.1: ID1, ID2, and CM 8, the only method there is.
        [0x1F, 0x8B, 0x08, ..] => Compression.Gzip,
        // RFC 8878, 3.1.1.
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Compression.Zstd,
        // RFC 8878, 3.1.2: skippable frames, 184D2A50 to 5F, with which a zstd:chunked layer may begin.
        [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..] => Compression.Zstd,
        // The .xz File Format, 2.1.1.1.
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0x00, ..] => Compression.Xz,
        // "BZh" and the block size, 1 to 9.
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', ..] => Compression.Bzip2,
        _ => Compression.None,
    };
}
