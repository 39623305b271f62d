using System.Globalization;

namespace Strake.Volumes;

/// <summary>
/// How large an ext4 is, and how much of it is its own. A volume of a size is made a little larger, and what is too much is reserved, so that
/// exactly the size can be written. Pure.
/// </summary>
/// <param name="Blocks">Blocks of the file system.</param>
/// <param name="OwnBlocks">Those that it needs for itself: tables, bitmaps, the journal.</param>
/// <param name="FreeBlocks">Those that are free; out of date while it is mounted.</param>
/// <param name="Inodes">Its inodes.</param>
sealed record ImageGeometry(long Blocks, long OwnBlocks, long FreeBlocks, long Inodes)
{
    /// <summary>Bytes of a block.</summary>
    public const long BlockBytes = 4096;

    /// <summary>The smallest volume; below, a journal would be larger than what it is for.</summary>
    public const long LeastBytes = 1 << 20;

    const long Megabyte = 1 << 20;
    const long InodeBytes = 256;

    // ext4 keeps inodes 1 to 10 for itself.
    const long OwnInodes = 11;

    // Of an empty volume: its root directory.
    const long EmptyBlocks = 2;

    // ext4 keeps back a fiftieth of the clusters, at most 4096, for what it must write when all is full (ext4_calculate_resv_clusters).
    const long KeptBackFraction = 50;
    const long KeptBackMost = 4096;

    // Blocks that a file system may be too large by without another try.
    const long Tolerance = 64;

    /// <summary>What files and directories take, as far as it is known; bytes.</summary>
    public long UsedBytes => (Blocks - OwnBlocks - FreeBlocks) * BlockBytes;

    /// <summary>The journal of a volume.</summary>
    public static long JournalMegabytes(long size) => size switch
    {
        < 256 * Megabyte => 4,
        < 4096 * Megabyte => 16,
        _ => 64,
    };

    /// <summary>The inodes that a file system needs for a user to have some.</summary>
    public static long AllInodes(long inodes) => inodes + OwnInodes;

    /// <summary>Where the search for a new file system's size begins.</summary>
    public static long FirstGuess(long size, long? inodes)
    {
        long tables = (inodes is { } count ? AllInodes(count) : size / 16384) * InodeBytes;
        return BlocksOf(size + (size / KeptBackFraction) + tables + (JournalMegabytes(size) * Megabyte) + (2 * Megabyte));
    }

    /// <summary>The size of the next try.</summary>
    /// <param name="spare">By how many blocks this one is too large; less than 0: too small.</param>
    public long Next(long spare) => Blocks - spare + (Tolerance / 2) + (Math.Max(0, -spare) / 16);

    /// <summary>By how many blocks the file system is too large for a volume of a size; less than 0: too small.</summary>
    public long SpareBlocks(long size) => Blocks - OwnBlocks - EmptyBlocks - Math.Min(Blocks / KeptBackFraction, KeptBackMost) - BlocksOf(size);

    /// <summary>Whether so much may be too much.</summary>
    public static bool IsClose(long spare) => spare is >= 0 and <= Tolerance;

    /// <summary>Whether so much can be set aside: tune2fs allows less than half of all blocks.</summary>
    public bool CanReserve(long spare) => spare < Blocks / 2;

    /// <summary>The blocks of this file system when it shall hold another size.</summary>
    public long BlocksFor(long size)
    {
        // Tables and bitmaps grow with it, the journal does not.
        double tables = ((double)Inodes * InodeBytes / (Blocks * BlockBytes)) + 0.001;
        double blocks = (BlocksOf(size) + EmptyBlocks + Tolerance + OwnBlocks - (Blocks * tables)) / (1 - tables - (1.0 / KeptBackFraction));
        return (long)blocks + 1;
    }

    /// <summary>Reads what <c>dumpe2fs -h</c> prints.</summary>
    /// <exception cref="StrakeException">DataLoss: a number is not there.</exception>
    /// <param name="text">What it printed.</param>
    /// <param name="isNew">Whether nothing but mkfs has written to the file system: what it says of its own blocks is right then.</param>
    public static ImageGeometry Parse(string text, bool isNew = false) => new(
        Number(text, "Block count:"), isNew ? Number(text, "Overhead clusters:") : 0, Number(text, "Free blocks:"), Number(text, "Inode count:"));

    static long BlocksOf(long bytes) => (bytes + BlockBytes - 1) / BlockBytes;

    static long Number(string text, string name)
    {
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && long.TryParse(line.AsSpan(name.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
                return number;
        }

        throw StrakeException.DataLoss($"dumpe2fs does not say \"{name}\"");
    }
}
