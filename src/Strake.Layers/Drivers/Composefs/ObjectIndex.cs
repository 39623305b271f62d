using System.Security.Cryptography;
using Strake.Layers.Archive.Paths;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>Which contents of an <see cref="ObjectStore"/> a layer needs: their hashes, 32 bytes each, in order.</summary>
static class ObjectIndex
{
    /// <summary>Writes one; on disk on return.</summary>
    public static void Write(string path, IEnumerable<byte[]> hashes)
    {
        var sorted = hashes.ToList();
        sorted.Sort(static (x, y) => x.AsSpan().SequenceCompareTo(y));
        DurableFile.Write(path, sorted.SelectMany(hash => hash).ToArray(), Permissions.Octal0600);
    }

    /// <summary>Reads one; none where there is none.</summary>
    public static HashSet<byte[]> Read(string path)
    {
        var hashes = new HashSet<byte[]>(ByteStrings.Comparer);
        var bytes = BytesOf(path);
        for (var at = 0; at < bytes.Length; at += SHA256.HashSizeInBytes) hashes.Add(bytes[at..(at + SHA256.HashSizeInBytes)]);
        return hashes;
    }

    /// <summary>Takes out of some hashes those that an index names.</summary>
    public static void Subtract(HashSet<byte[]> hashes, string path)
    {
        var bytes = BytesOf(path).AsSpan();
        var lookup = hashes.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (var at = 0; at < bytes.Length; at += SHA256.HashSizeInBytes) lookup.Remove(bytes.Slice(at, SHA256.HashSizeInBytes));
    }

    static byte[] BytesOf(string path) => File.Exists(path) ? File.ReadAllBytes(path) : [];
}
