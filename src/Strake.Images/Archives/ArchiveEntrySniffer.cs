using System.Buffers;
using Strake.Images.Tar;

namespace Strake.Images;

/// <summary>Tells the kinds of files in an archive of images apart. Pure.</summary>
static class ArchiveEntrySniffer
{
    /// <summary>How many first bytes are looked at: one block of a tar.</summary>
    public const int Length = TarHeader.BlockSize;

    static readonly SearchValues<byte> s_blanks = SearchValues.Create(" \t\r\n"u8);

    /// <summary>Whether a name is one of those that a reader of such archives looks for.</summary>
    public static bool IsWellKnown(string key) => key is DockerArchive.ManifestName or OciLayout.IndexName or OciLayout.MarkName or "repositories";

    /// <summary>The kind of a file.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="start">Its first <see cref="Length"/> bytes, or all of them.</param>
    public static ArchiveEntryKind KindOf(string key, ReadOnlySpan<byte> start)
    {
        if (IsWellKnown(key) || IsJson(start)) return ArchiveEntryKind.Document;
        return CompressionMagic.Recognise(start) != Compression.None || IsTar(start) || key.EndsWith(".tar", StringComparison.Ordinal)
            ? ArchiveEntryKind.Layer
            : ArchiveEntryKind.Other;
    }

    static bool IsJson(ReadOnlySpan<byte> start)
    {
        var first = start.IndexOfAnyExcept(s_blanks);
        return first >= 0 && start[first] is (byte)'{' or (byte)'[';
    }

    // A whole block with a right checksum (also the oldest form, which has no magic), or the zeros that end an empty tar.
    static bool IsTar(ReadOnlySpan<byte> start) =>
        start.Length == Length && (new TarHeader(start).ChecksumMatches || !start.ContainsAnyExcept((byte)0));
}
