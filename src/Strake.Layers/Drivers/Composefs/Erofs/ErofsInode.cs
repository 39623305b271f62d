using System.Buffers.Binary;
using System.Numerics;
using Strake.Linux;

namespace Strake.Layers.Erofs;

/// <summary>
/// Where a file's inode lies in an image, and what lies with it: <c>struct erofs_inode_extended</c>, attributes, and then its content's tail, or, for a
/// regular file, the map of its chunks, of which every one is a hole.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="parent">The directory that it was found in; null for the root.</param>
sealed class ErofsInode(ErofsFile file, ErofsInode? parent)
{
    const int HeadSize = 64;
    const int SlotSize = 32; // inodes are numbered by these
    const int Hole = -1;     // EROFS_NULL_ADDR
    const int LargestChunkBits = 12 + 31;

    readonly byte[] xattrs = ErofsXattrs.Encode(file.Xattrs);
    readonly ErofsDirectory? directory = file.Kind == FileKind.Directory ? new(file) : null;
    int metaOffset;
    uint firstBlock;

    /// <summary>How the content lies: <c>EROFS_INODE_*</c>.</summary>
    enum Layout
    {
        Plain = 0,
        Inline = 2,
        Chunks = 4,
    }

    /// <summary>The file.</summary>
    public ErofsFile File => file;

    /// <summary>How often it is found.</summary>
    public uint Links { get; set; } = 1;

    /// <summary>Its number: its place in slots.</summary>
    public ulong Number => (ulong)metaOffset / SlotSize;

    Layout ContentLayout => file.Kind == FileKind.Regular && file.SizeBytes > 0 ? Layout.Chunks : FitsInline ? Layout.Inline : Layout.Plain;

    bool FitsInline => TailSize is > 0 and < ErofsImage.BlockSize && HeadSize + xattrs.Length + TailSize <= ErofsImage.BlockSize;

    long ContentSize => directory?.SizeBytes ?? (file.Kind == FileKind.Regular ? file.SizeBytes : file.LinkTarget.Length);

    // What the last block of a content that the image holds has in it.
    int TailSize => directory?.LastSizeBytes ?? file.LinkTarget.Length;

    int ChunkBits => Math.Clamp(64 - BitOperations.LeadingZeroCount((ulong)(file.SizeBytes - 1)), 12, LargestChunkBits);

    int ChunkCount => (int)((file.SizeBytes + (1L << ChunkBits) - 1) >> ChunkBits);

    /// <summary>Takes the next place among the inodes.</summary>
    /// <param name="next">The first free byte.</param>
    /// <returns>The first free one behind it.</returns>
    public int Place(int next)
    {
        var size = HeadSize + xattrs.Length + ContentLayout switch
        {
            Layout.Inline => TailSize,
            Layout.Chunks => ChunkCount * sizeof(int),
            _ => 0,
        };
        metaOffset = checked(next + SlotSize - 1) / SlotSize * SlotSize;
        // A tail must not cross the border of a block.
        if (ContentLayout == Layout.Inline && (metaOffset % ErofsImage.BlockSize) + size > ErofsImage.BlockSize)
            metaOffset = (metaOffset + ErofsImage.BlockSize - 1) / ErofsImage.BlockSize * ErofsImage.BlockSize;
        return checked(metaOffset + size);
    }

    /// <summary>Takes the next blocks for content.</summary>
    /// <param name="next">The first free block.</param>
    /// <returns>The first free one behind them.</returns>
    public uint PlaceBlocks(uint next)
    {
        firstBlock = next;
        var blocks = (ContentSize + ErofsImage.BlockSize - 1) / ErofsImage.BlockSize;
        return ContentLayout switch
        {
            Layout.Plain => next + (uint)blocks,
            Layout.Inline => next + (uint)blocks - 1,
            _ => next,
        };
    }

    /// <summary>Writes it.</summary>
    /// <param name="image">The whole image, zeros where nothing was written yet.</param>
    /// <param name="ordinal">A number that no other file has, from 1 on.</param>
    /// <param name="numberOf">The number of a file.</param>
    public void Write(Span<byte> image, uint ordinal, Func<ErofsFile, ulong> numberOf)
    {
        var inode = image[(ErofsImage.MetaStart + metaOffset)..];
        WriteHead(inode, ordinal);
        xattrs.CopyTo(inode[HeadSize..]);
        var behind = inode[(HeadSize + xattrs.Length)..];
        if (ContentLayout == Layout.Chunks)
        {
            for (var i = 0; i < ChunkCount; i++) BinaryPrimitives.WriteInt32LittleEndian(behind[(i * sizeof(int))..], Hole);
            return;
        }

        if (ContentSize == 0) return;
        var content = new byte[ContentSize];
        if (directory is null) file.LinkTarget.CopyTo(content, 0);
        else directory.Write(content, Number, (parent ?? this).Number, numberOf);
        var tail = ContentLayout == Layout.Inline ? TailSize : 0;
        content.AsSpan(0, content.Length - tail).CopyTo(image[(int)(firstBlock * (long)ErofsImage.BlockSize)..]);
        content.AsSpan(content.Length - tail).CopyTo(behind);
    }

    void WriteHead(Span<byte> inode, uint ordinal)
    {
        const int extended = 1; // EROFS_INODE_LAYOUT_EXTENDED
        BinaryPrimitives.WriteUInt16LittleEndian(inode, (ushort)(((int)ContentLayout << 1) | extended));
        BinaryPrimitives.WriteUInt16LittleEndian(inode[2..], ErofsXattrs.Count(xattrs));
        BinaryPrimitives.WriteUInt16LittleEndian(inode[4..], (ushort)(((int)file.Kind << 12) | (int)file.Mode));
        BinaryPrimitives.WriteInt64LittleEndian(inode[8..], ContentSize);
        BinaryPrimitives.WriteUInt32LittleEndian(inode[16..], Union());
        BinaryPrimitives.WriteUInt32LittleEndian(inode[20..], ordinal);
        BinaryPrimitives.WriteUInt32LittleEndian(inode[24..], file.Uid);
        BinaryPrimitives.WriteUInt32LittleEndian(inode[28..], file.Gid);
        BinaryPrimitives.WriteInt64LittleEndian(inode[32..], file.ModifyTime.Seconds);
        BinaryPrimitives.WriteUInt32LittleEndian(inode[40..], (uint)file.ModifyTime.Nanoseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(inode[44..], LinkCount());
    }

    // i_u: where the content lies, how large chunks are, or a device's number (new_encode_dev).
    uint Union() => file.Kind switch
    {
        FileKind.CharacterDevice or FileKind.BlockDevice =>
            (file.Device.Minor & 0xFF) | (file.Device.Major << 8) | ((file.Device.Minor & ~0xFFu) << 12),
        _ when ContentLayout == Layout.Chunks => (uint)(ChunkBits - 12),
        FileKind.Directory or FileKind.SymbolicLink => firstBlock,
        _ => 0,
    };

    uint LinkCount() => directory is null ? Links : 2 + (uint)file.Children.Values.Count(child => child.Kind == FileKind.Directory);
}
