namespace Strake.Linux;

/// <summary>The attributes of a mount in the newer calls (MOUNT_ATTR_*, <c>mount_setattr(2)</c>).</summary>
[Flags]
public enum MountAttributes : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>MOUNT_ATTR_RDONLY.</summary>
    ReadOnly = 0x1,

    /// <summary>MOUNT_ATTR_NOSUID.</summary>
    NoSetUid = 0x2,

    /// <summary>MOUNT_ATTR_NODEV.</summary>
    NoDevices = 0x4,

    /// <summary>MOUNT_ATTR_NOEXEC.</summary>
    NoExecute = 0x8,

    /// <summary>MOUNT_ATTR_NOATIME; to change the kind of access times, clear <see cref="AccessTimeMask"/>.</summary>
    NoAccessTime = 0x10,

    /// <summary>MOUNT_ATTR_STRICTATIME.</summary>
    StrictAccessTime = 0x20,

    /// <summary>The third bit of the kind of access times; has no name of its own.</summary>
    AccessTimeSpare = 0x40,

    /// <summary>MOUNT_ATTR__ATIME: the bits that together are the kind of access times.</summary>
    AccessTimeMask = NoAccessTime | StrictAccessTime | AccessTimeSpare,

    /// <summary>MOUNT_ATTR_NODIRATIME.</summary>
    NoDirectoryAccessTime = 0x80,

    /// <summary>MOUNT_ATTR_IDMAP: owners are mapped through a user namespace.</summary>
    IdMap = 0x100000,

    /// <summary>MOUNT_ATTR_NOSYMFOLLOW.</summary>
    NoSymlinkFollow = 0x200000,
}
