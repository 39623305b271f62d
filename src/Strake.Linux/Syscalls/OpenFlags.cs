namespace Strake.Linux;

/// <summary>
/// How to open a file (<c>open(2)</c>). The values are those of x86_64; <see cref="Syscall"/> translates the four that arm64 numbers otherwise.
/// O_CLOEXEC is always set and not listed.
/// </summary>
[Flags]
public enum OpenFlags
{
    /// <summary>O_RDONLY.</summary>
    ReadOnly = 0,

    /// <summary>O_WRONLY.</summary>
    WriteOnly = 0x1,

    /// <summary>O_RDWR.</summary>
    ReadWrite = 0x2,

    /// <summary>O_CREAT: make a regular file where there is none.</summary>
    Create = 0x40,

    /// <summary>O_EXCL: with <see cref="Create"/>, refuse a name that exists, a link too.</summary>
    Exclusive = 0x80,

    /// <summary>O_NOCTTY.</summary>
    NoControllingTerminal = 0x100,

    /// <summary>O_TRUNC.</summary>
    Truncate = 0x200,

    /// <summary>O_APPEND.</summary>
    Append = 0x400,

    /// <summary>O_NONBLOCK; opening a fifo or a device does not wait then.</summary>
    NonBlocking = 0x800,

    /// <summary>O_DIRECT.</summary>
    Direct = 0x4000,

    /// <summary>O_DIRECTORY: refuse what is no directory.</summary>
    Directory = 0x10000,

    /// <summary>O_NOFOLLOW: refuse a symbolic link as the last component (with <see cref="Path"/>: open the link itself).</summary>
    NoFollow = 0x20000,

    /// <summary>O_NOATIME; only for the owner or with CAP_FOWNER.</summary>
    NoAccessTime = 0x40000,

    /// <summary>O_PATH: a place in the tree, not its content.</summary>
    Path = 0x200000,

    /// <summary>O_TMPFILE: a regular file without a name, in the directory given (implies <see cref="Directory"/>).</summary>
    Nameless = 0x400000,
}
