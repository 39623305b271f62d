namespace Strake.Linux;

/// <summary>How something is mounted (MS_*, <c>mount(2)</c>).</summary>
[Flags]
public enum MountFlags : ulong
{
    /// <summary>Nothing asked.</summary>
    None = 0,

    /// <summary>MS_RDONLY, <c>ro</c>.</summary>
    ReadOnly = 0x1,

    /// <summary>MS_NOSUID, <c>nosuid</c>: set-user-ID bits and file capabilities do nothing.</summary>
    NoSetUid = 0x2,

    /// <summary>MS_NODEV, <c>nodev</c>: device files cannot be opened.</summary>
    NoDevices = 0x4,

    /// <summary>MS_NOEXEC, <c>noexec</c>: programs cannot be run.</summary>
    NoExecute = 0x8,

    /// <summary>MS_SYNCHRONOUS, <c>sync</c>.</summary>
    Synchronous = 0x10,

    /// <summary>MS_REMOUNT: change the flags of a mount.</summary>
    Remount = 0x20,

    /// <summary>MS_MANDLOCK; gone since Linux 5.15.</summary>
    MandatoryLock = 0x40,

    /// <summary>MS_DIRSYNC, <c>dirsync</c>.</summary>
    DirectorySync = 0x80,

    /// <summary>MS_NOSYMFOLLOW, <c>nosymfollow</c>.</summary>
    NoSymlinkFollow = 0x100,

    /// <summary>MS_NOATIME, <c>noatime</c>.</summary>
    NoAccessTime = 0x400,

    /// <summary>MS_NODIRATIME, <c>nodiratime</c>.</summary>
    NoDirectoryAccessTime = 0x800,

    /// <summary>MS_BIND: the source is a part of the tree.</summary>
    Bind = 0x1000,

    /// <summary>MS_MOVE: the source is a mount that is moved.</summary>
    Move = 0x2000,

    /// <summary>MS_REC: with the mounts below.</summary>
    Recursive = 0x4000,

    /// <summary>MS_SILENT.</summary>
    Silent = 0x8000,

    /// <summary>MS_UNBINDABLE: propagation.</summary>
    Unbindable = 0x20000,

    /// <summary>MS_PRIVATE: propagation; neither sends nor receives mounts.</summary>
    Private = 0x40000,

    /// <summary>MS_SLAVE: propagation; receives mounts.</summary>
    Slave = 0x80000,

    /// <summary>MS_SHARED: propagation; sends and receives mounts.</summary>
    Shared = 0x100000,

    /// <summary>MS_RELATIME, <c>relatime</c>.</summary>
    RelativeAccessTime = 0x200000,

    /// <summary>MS_STRICTATIME, <c>strictatime</c>.</summary>
    StrictAccessTime = 0x1000000,

    /// <summary>MS_LAZYTIME, <c>lazytime</c>.</summary>
    LazyTime = 0x2000000,
}
