namespace Strake.Linux;

/// <summary>The fields of <see cref="FileStat"/> that a caller wants or that the kernel filled (STATX_*, <c>statx(2)</c>).</summary>
[Flags]
public enum StatFields
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>STATX_TYPE.</summary>
    Kind = 0x1,

    /// <summary>STATX_MODE.</summary>
    Mode = 0x2,

    /// <summary>STATX_NLINK.</summary>
    LinkCount = 0x4,

    /// <summary>STATX_UID.</summary>
    Uid = 0x8,

    /// <summary>STATX_GID.</summary>
    Gid = 0x10,

    /// <summary>STATX_ATIME.</summary>
    AccessTime = 0x20,

    /// <summary>STATX_MTIME.</summary>
    ModifyTime = 0x40,

    /// <summary>STATX_CTIME.</summary>
    ChangeTime = 0x80,

    /// <summary>STATX_INO.</summary>
    Inode = 0x100,

    /// <summary>STATX_SIZE.</summary>
    Size = 0x200,

    /// <summary>STATX_BLOCKS.</summary>
    Blocks = 0x400,

    /// <summary>STATX_BASIC_STATS: what stat(2) gives.</summary>
    Basic = Kind | Mode | LinkCount | Uid | Gid | AccessTime | ModifyTime | ChangeTime | Inode | Size | Blocks,

    /// <summary>STATX_BTIME.</summary>
    BirthTime = 0x800,

    /// <summary>STATX_MNT_ID.</summary>
    MountId = 0x1000,

    /// <summary>All that <see cref="FileStat"/> shows.</summary>
    All = Basic | BirthTime | MountId,
}
