using System.Buffers.Binary;
using Strake.Layers.Archive.Split;
using Strake.Linux;

namespace Strake.Layers.Erofs;

/// <summary>
/// Writes an EROFS image (fs/erofs/erofs_fs.h, Documentation/filesystems/erofs.rst) that holds directories, links, devices and all that is known of
/// files, but no content of regular ones. The same tree makes the same bytes. It bears the header by which the tools of composefs know an image
/// (libcomposefs/lcfs-erofs.h).
/// </summary>
/// <remarks>
/// <code>
/// block 0      1024 bytes that are free: composefs's header; then the super block
/// block 1 …    inodes, each with its attributes and the tail of its content; the root first, for its number has 16 bits only
/// …            blocks of directories and links that do not fit behind their inodes
/// </code>
/// </remarks>
static class ErofsImage
{
    /// <summary>The size of a block; bytes.</summary>
    public const int BlockSize = 4096;

    /// <summary>Where inodes begin; bytes.</summary>
    public const int MetaStart = BlockSize;

    const int SuperOffset = 1024;

    /// <summary>The image of a tree.</summary>
    /// <param name="root">Its root, a directory.</param>
    /// <exception cref="StrakeException">NotSupported: a file that the format has no place for, or more than 2 GiB of image.</exception>
    public static byte[] Of(ErofsFile root)
    {
        var inodes = new Dictionary<ErofsFile, ErofsInode>(ReferenceEqualityComparer.Instance);
        var order = Collect(root, inodes);
        try
        {
            var meta = 0;
            foreach (var inode in order) meta = inode.Place(meta);
            var blocks = (uint)(1 + ((meta + BlockSize - 1) / BlockSize));
            foreach (var inode in order) blocks = inode.PlaceBlocks(blocks);
            var image = new byte[checked((int)(blocks * (long)BlockSize))];
            for (var i = 0; i < order.Count; i++) order[i].Write(image, (uint)i + 1, file => inodes[file].Number);
            WriteHeader(image, order);
            WriteSuper(image, blocks, (ulong)order.Count);
            return image;
        }
        catch (OverflowException e)
        {
            throw StrakeException.NotSupported($"a layer of {order.Count} files is too large for an EROFS image", e);
        }
    }

    // Directory by directory, so that what is looked up together lies together.
    static List<ErofsInode> Collect(ErofsFile root, Dictionary<ErofsFile, ErofsInode> inodes)
    {
        var order = new List<ErofsInode> { new(root, parent: null) };
        inodes.Add(root, order[0]);
        for (var i = 0; i < order.Count; i++)
        {
            var parent = order[i];
            foreach (var (_, child) in parent.File.Children.OrderBy(child => child.Key, Comparer<byte[]>.Create(static (x, y) => x.AsSpan().SequenceCompareTo(y))))
            {
                if (inodes.TryGetValue(child, out var known))
                {
                    known.Links++;
                    continue;
                }

                var inode = new ErofsInode(child, parent);
                inodes.Add(child, inode);
                order.Add(inode);
            }
        }

        return order;
    }

    static void WriteHeader(byte[] image, List<ErofsInode> order)
    {
        const uint magic = 0xD078629A;
        const uint version = 1;
        const uint hasAcl = 1;
        var header = image.AsSpan(0, 32);
        BinaryPrimitives.WriteUInt32LittleEndian(header, magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], version);
        // Without it their mount leaves lists of rights out of account.
        var flags = order.Any(inode => inode.File.Xattrs.Any(xattr => xattr.Name.AsSpan().StartsWith("system.posix_acl_"u8))) ? hasAcl : 0;
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], flags);
    }

    static void WriteSuper(byte[] image, uint blocks, ulong inodes)
    {
        const uint magic = 0xE0F5E1E2;
        const uint checksummed = 1; // EROFS_FEATURE_COMPAT_SB_CHKSUM
        const uint chunked = 4;     // EROFS_FEATURE_INCOMPAT_CHUNKED_FILE
        var super = image.AsSpan(SuperOffset, BlockSize - SuperOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(super, magic);
        BinaryPrimitives.WriteUInt32LittleEndian(super[8..], checksummed);
        super[12] = 12; // the size of a block, as a power of two
        BinaryPrimitives.WriteUInt64LittleEndian(super[16..], inodes);
        BinaryPrimitives.WriteUInt32LittleEndian(super[36..], blocks);
        BinaryPrimitives.WriteUInt32LittleEndian(super[40..], MetaStart / BlockSize);
        BinaryPrimitives.WriteUInt32LittleEndian(super[80..], chunked);
        // Over the rest of the block, with zeros in its own place, and not inverted at the end.
        BinaryPrimitives.WriteUInt32LittleEndian(super[4..], Crc32C.Append(Crc32C.Start, super));
    }
}
