namespace Strake.Linux;

/// <summary>The attributes of a file beside its mode (STATX_ATTR_*, <c>statx(2)</c>).</summary>
[Flags]
public enum StatAttributes : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Compressed by the file system.</summary>
    Compressed = 0x4,

    /// <summary>Cannot be changed (chattr +i).</summary>
    Immutable = 0x10,

    /// <summary>Can only be appended to (chattr +a).</summary>
    Append = 0x20,

    /// <summary>Not for backups (chattr +d).</summary>
    NoDump = 0x40,

    /// <summary>Encrypted by the file system.</summary>
    Encrypted = 0x800,

    /// <summary>A place where something may be mounted by itself.</summary>
    Automount = 0x1000,

    /// <summary>The root of a mount.</summary>
    MountRoot = 0x2000,

    /// <summary>Protected by fs-verity.</summary>
    Verity = 0x100000,

    /// <summary>In memory that keeps itself (DAX).</summary>
    Dax = 0x200000,
}
