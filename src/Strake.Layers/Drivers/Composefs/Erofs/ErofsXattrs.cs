using System.Buffers.Binary;

namespace Strake.Layers.Erofs;

/// <summary>
/// Extended attributes as they lie behind an inode: <c>struct erofs_xattr_ibody_header</c>, then an <c>erofs_xattr_entry</c> each, on four bytes
/// (fs/erofs/erofs_fs.h). Nothing is shared between inodes.
/// </summary>
static class ErofsXattrs
{
    const int HeaderSize = 12;
    const int EntrySize = 4;

    // The prefixes that have a number, EROFS_XATTR_INDEX_*. The two of access lists are whole names.
    static readonly (byte Index, byte[] Prefix)[] s_prefixes =
    [
        (1, [.. "user."u8]), (2, [.. "system.posix_acl_access"u8]), (3, [.. "system.posix_acl_default"u8]), (4, [.. "trusted."u8]), (6, [.. "security."u8]),
    ];

    /// <summary>The bytes behind the inode; none where there are no attributes.</summary>
    /// <exception cref="StrakeException">NotSupported: an attribute that the format has no place for.</exception>
    public static byte[] Encode(IReadOnlyList<(byte[] Name, byte[] Value)> xattrs)
    {
        if (xattrs.Count == 0) return [];
        var bytes = new List<byte>(new byte[HeaderSize]);
        foreach (var (name, value) in xattrs) Append(bytes, name, value);
        return [.. bytes];
    }

    /// <summary>What <c>i_xattr_icount</c> says of so many bytes.</summary>
    public static ushort Count(byte[] encoded) => encoded.Length == 0 ? (ushort)0 : checked((ushort)(((encoded.Length - HeaderSize) / 4) + 1));

    static void Append(List<byte> bytes, byte[] name, byte[] value)
    {
        var (index, prefix) = Array.Find(s_prefixes, candidate => name.AsSpan().StartsWith(candidate.Prefix));
        var rest = name.Length - (prefix?.Length ?? 0);
        if (prefix is null || rest > byte.MaxValue || value.Length > ushort.MaxValue)
            throw StrakeException.NotSupported($"the attribute {Linux.PathBytes.Decode(name)} of {value.Length} bytes has no place in an EROFS image");

        Span<byte> entry = stackalloc byte[EntrySize];
        entry[0] = (byte)rest;
        entry[1] = index;
        BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], (ushort)value.Length);
        bytes.AddRange(entry);
        bytes.AddRange(name.AsSpan(prefix.Length));
        bytes.AddRange(value);
        while (bytes.Count % 4 != 0) bytes.Add(0);
    }
}
