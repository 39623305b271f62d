using System.Buffers.Binary;
using Strake.Linux;

namespace Strake.Layers.Erofs;

/// <summary>
/// A directory's content: blocks, in each the entries (<c>struct erofs_dirent</c>) and behind them their names; all names in the order of their
/// bytes, <c>.</c> and <c>..</c> among them, for the kernel looks them up by halving.
/// </summary>
sealed class ErofsDirectory
{
    const int EntrySize = 12;

    readonly List<List<(byte[] Name, ErofsFile? File)>> blocks = [];

    /// <summary>Lays the names out.</summary>
    public ErofsDirectory(ErofsFile directory)
    {
        var names = directory.Children.Select(child => (child.Key, (ErofsFile?)child.Value)).ToList();
        names.Add(([.. "."u8], null));
        names.Add(([.. ".."u8], null));
        names.Sort(static (x, y) => x.Key.AsSpan().SequenceCompareTo(y.Key));

        foreach (var name in names)
        {
            var size = EntrySize + name.Key.Length;
            if (blocks.Count == 0 || LastSizeBytes + size > ErofsImage.BlockSize)
            {
                blocks.Add([]);
                LastSizeBytes = 0;
            }

            blocks[^1].Add(name);
            LastSizeBytes += size;
        }
    }

    /// <summary>What is used of the last block; bytes.</summary>
    public int LastSizeBytes { get; private set; }

    /// <summary>The content's length; bytes.</summary>
    public long SizeBytes => ((blocks.Count - 1) * (long)ErofsImage.BlockSize) + LastSizeBytes;

    /// <summary>Writes the content once all inodes have their places.</summary>
    /// <param name="target">Zeros, as long as <see cref="SizeBytes"/> at least.</param>
    /// <param name="self">The directory's own number.</param>
    /// <param name="parent">The one above; the root's own for the root.</param>
    /// <param name="numberOf">The number of a file.</param>
    public void Write(Span<byte> target, ulong self, ulong parent, Func<ErofsFile, ulong> numberOf)
    {
        for (var i = 0; i < blocks.Count; i++)
        {
            var block = target[(i * ErofsImage.BlockSize)..];
            var nameAt = blocks[i].Count * EntrySize;
            for (var j = 0; j < blocks[i].Count; j++)
            {
                var (name, file) = blocks[i][j];
                var entry = block.Slice(j * EntrySize, EntrySize);
                BinaryPrimitives.WriteUInt64LittleEndian(entry, file is not null ? numberOf(file) : name.Length == 1 ? self : parent);
                BinaryPrimitives.WriteUInt16LittleEndian(entry[8..], (ushort)nameAt);
                entry[10] = TypeOf(file?.Kind ?? FileKind.Directory);
                name.CopyTo(block[nameAt..]);
                nameAt += name.Length;
            }
        }
    }

    // FT_* of include/linux/fs_types.h.
    static byte TypeOf(FileKind kind) => kind switch
    {
        FileKind.Regular => 1,
        FileKind.Directory => 2,
        FileKind.CharacterDevice => 3,
        FileKind.BlockDevice => 4,
        FileKind.Fifo => 5,
        FileKind.Socket => 6,
        FileKind.SymbolicLink => 7,
        _ => 0,
    };
}
