using System.IO.Compression;

namespace Strake.EndToEnd.Tests.Hostile;

/// <summary>Few bytes that become many.</summary>
public static class Bomb
{
    /// <summary>A gzip stream of some bytes and then one byte over and over.</summary>
    /// <param name="head">What it begins with.</param>
    /// <param name="filler">The byte.</param>
    /// <param name="count">How often.</param>
    public static byte[] Gzip(byte[] head, byte filler, long count)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(head);
            var block = new byte[1 << 20];
            block.AsSpan().Fill(filler);
            for (; count > 0; count -= block.Length) gzip.Write(block.AsSpan(0, (int)Math.Min(count, block.Length)));
        }
        return packed.ToArray();
    }
}
