namespace Strake.Linux;

/// <summary>What a directory entry is: d_type of <c>readdir(3)</c>, which is also the upper bits of st_mode (<c>inode(7)</c>).</summary>
public enum FileKind
{
    /// <summary>The file system did not say; only from directory listings.</summary>
    Unknown = 0,

    /// <summary>A fifo (named pipe).</summary>
    Fifo = 1,

    /// <summary>A character device.</summary>
    CharacterDevice = 2,

    /// <summary>A directory.</summary>
    Directory = 4,

    /// <summary>A block device.</summary>
    BlockDevice = 6,

    /// <summary>A regular file.</summary>
    Regular = 8,

    /// <summary>A symbolic link.</summary>
    SymbolicLink = 10,

    /// <summary>A socket.</summary>
    Socket = 12,
}
