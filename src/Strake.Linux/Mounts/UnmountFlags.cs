namespace Strake.Linux;

/// <summary>How something is unmounted (<c>umount2(2)</c>).</summary>
[Flags]
public enum UnmountFlags
{
    /// <summary>EBUSY while it is used.</summary>
    None = 0,

    /// <summary>MNT_FORCE: give up requests that hang (NFS, FUSE); may lose data.</summary>
    Force = 1,

    /// <summary>MNT_DETACH: out of the tree now, cleaned up when nobody uses it.</summary>
    Detach = 2,

    /// <summary>MNT_EXPIRE.</summary>
    Expire = 4,

    /// <summary>UMOUNT_NOFOLLOW: refuse a target that is a link.</summary>
    NoFollow = 8,
}
