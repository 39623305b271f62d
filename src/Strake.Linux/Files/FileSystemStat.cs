using System.Runtime.InteropServices;

namespace Strake.Linux;

/// <summary>What is known of a file system: <c>struct statfs</c> (<c>statfs(2)</c>), the same on x86_64 and arm64.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct FileSystemStat
{
    readonly long type;
    readonly long blockSize;
    readonly ulong blocks;
    readonly ulong blocksFree;
    readonly ulong blocksAvailable;
    readonly ulong files;
    readonly ulong filesFree;
    readonly ulong fileSystemId;
    readonly long longestName;
    readonly long fragmentSize;
    readonly long flags;
    readonly long spare0;
    readonly long spare1;
    readonly long spare2;
    readonly long spare3;

    /// <summary>The magic number of the type, see <see cref="FileSystem.NameOf"/>.</summary>
    public uint Magic => (uint)type;

    /// <summary>The size of the file system; bytes.</summary>
    public long SizeBytes => (long)blocks * Unit;

    /// <summary>What is free, for root too; bytes.</summary>
    public long FreeBytes => (long)blocksFree * Unit;

    /// <summary>What is free to those without privilege; bytes.</summary>
    public long AvailableBytes => (long)blocksAvailable * Unit;

    /// <summary>The number of inodes; 0 where the file system makes them as needed (btrfs).</summary>
    public long Inodes => (long)files;

    /// <summary>The number of inodes that are free; 0 where <see cref="Inodes"/> is.</summary>
    public long FreeInodes => (long)filesFree;

    /// <summary>The size of a block; bytes.</summary>
    public long BlockSizeBytes => blockSize;

    /// <summary>The longest name; bytes.</summary>
    public long LongestName => longestName;

    /// <summary>Whether the mount is read-only (ST_RDONLY).</summary>
    public bool IsReadOnly => (flags & 1) != 0;

    /// <summary>What the mount that was looked through forbids, in the words of mount(8): <c>ro</c>, <c>noexec</c> and their like; empty: nothing.</summary>
    public IReadOnlyList<string> Restrictions
    {
        get
        {
            long set = flags;
            return [.. s_restrictions.Where(one => (set & one.Flag) != 0).Select(static one => one.Name)];
        }
    }

    // statvfs(3), and for the last one linux/statfs.h.
    static readonly (long Flag, string Name)[] s_restrictions =
        [(0x1, "ro"), (0x2, "nosuid"), (0x4, "nodev"), (0x8, "noexec"), (0x400, "noatime"), (0x800, "nodiratime"), (0x2000, "nosymfollow")];

    // ST_*: for what Mount wants to know they have the numbers of MS_*, but for ST_RELATIME.
    internal long MountFlagBits => flags;

    long Unit => fragmentSize != 0 ? fragmentSize : blockSize;
}
