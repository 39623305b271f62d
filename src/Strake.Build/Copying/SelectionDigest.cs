using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Strake.Images;
using Strake.Images.Tar;

namespace Strake.Build;

/// <summary>What a selection holds as one digest: paths, kinds, modes, owners, attributes and bytes; no times. Two that are equal make equal layers.</summary>
static class SelectionDigest
{
    const int BufferSize = 128 * 1024;

    /// <summary>Computes it. Files whose digest is not known are read.</summary>
    /// <param name="selection">The files.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    public static async Task<Digest> OfAsync(CopySelection selection, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            foreach (var top in selection.Tops)
            {
                Text(hash, "top");
                Text(hash, top.Path);
                Text(hash, top.Pivot);
                await FileAsync(hash, top.Tree, "", top.File, buffer, cancellationToken);
                foreach (var file in top.Below) await FileAsync(hash, top.Tree, file.Relative, file.File, buffer, cancellationToken);
            }

            return Digest.FromHash(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static async ValueTask FileAsync(IncrementalHash hash, ISourceTree tree, string path, SourceFile file, byte[] buffer, CancellationToken cancellationToken)
    {
        var entry = file.Entry;
        Text(hash, path);
        Numbers(hash, (long)entry.Type, (long)entry.Mode, entry.Uid, entry.Gid, entry.SizeBytes, entry.DeviceMajor, entry.DeviceMinor, entry.Xattrs.Count);
        Bytes(hash, entry.LinkName.Span);
        foreach (var xattr in entry.Xattrs)
        {
            Bytes(hash, xattr.Name.Span);
            Bytes(hash, xattr.Value.Span);
        }

        if (entry.Type != TarEntryType.Regular) return;
        if (file.Digest is { } known)
        {
            Text(hash, known.Hex);
            return;
        }

        using var content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var stream = tree.Open(file);
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;) content.AppendData(buffer, 0, read);
        Text(hash, Convert.ToHexStringLower(content.GetHashAndReset()));
    }

    static void Numbers(IncrementalHash hash, params ReadOnlySpan<long> numbers)
    {
        Span<byte> bytes = stackalloc byte[numbers.Length * sizeof(long)];
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes[(i * sizeof(long))..], numbers[i]);
        hash.AppendData(bytes);
    }

    static void Text(IncrementalHash hash, string text) => Bytes(hash, BytePath.Bytes(text));

    // With its length, so that no two lists of texts give the same bytes.
    static void Bytes(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Numbers(hash, bytes.Length);
        hash.AppendData(bytes);
    }
}
