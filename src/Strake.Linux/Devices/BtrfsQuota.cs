using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>Limits of what subvolumes of a btrfs may take: its qgroups, of which each subvolume has one with its number.</summary>
public static class BtrfsQuota
{
    const nuint QuotaControl = 0xC0109428; // BTRFS_IOC_QUOTA_CTL
    const nuint QuotaRescan = 0x4040942C;  // BTRFS_IOC_QUOTA_RESCAN
    const nuint RescanWait = 0x942E;       // BTRFS_IOC_QUOTA_RESCAN_WAIT
    const nuint GroupCreate = 0x4010942A;  // BTRFS_IOC_QGROUP_CREATE, which also removes
    const nuint GroupLimit = 0x8030942B;   // BTRFS_IOC_QGROUP_LIMIT

    const long Referenced = 1; // BTRFS_QGROUP_LIMIT_MAX_RFER
    const long Exclusive = 2;  // BTRFS_QGROUP_LIMIT_MAX_EXCL

    static readonly Version s_groupsGoByThemselves = new(6, 11);

    /// <summary>
    /// Has the file system count, and count right: no limit is held where it does not count, or has lost count. Costs next to nothing where it
    /// does so already; else waits until every extent was looked at.
    /// </summary>
    /// <remarks>
    /// The kernel gives the counting up ("qgroup marked inconsistent") where going on would take too long or a number cannot be right. It tells
    /// so in <c>/sys/fs/btrfs/UUID/qgroups/inconsistent</c>, since Linux 5.9; before, nobody can know without a look at all trees.
    /// </remarks>
    /// <param name="file">Any file of the file system.</param>
    /// <exception cref="LinuxException">A call failed.</exception>
    public static void Enable(SafeFileHandle file)
    {
        const long enable = 1; // BTRFS_QUOTA_CTL_ENABLE
        Syscall.BtrfsRequest(file, QuotaControl, "BTRFS_IOC_QUOTA_CTL", [enable, 0]);
        WaitForCount(file);
        BeginRecount(file);
        WaitForCount(file);
    }

    /// <summary>Has the file system count anew where it has lost count; returns at once, and limits hold when it is through.</summary>
    /// <param name="file">Any file of the file system.</param>
    /// <exception cref="LinuxException">A call failed.</exception>
    public static void BeginRecount(SafeFileHandle file)
    {
        if (!HasLostCount(file))
            return;
        // Flags, progress, six reserved. EINPROGRESS: somebody else began.
        Syscall.BtrfsRequest(file, QuotaRescan, "BTRFS_IOC_QUOTA_RESCAN", stackalloc byte[8 * sizeof(long)], tolerated: Errno.EINPROGRESS);
    }

    /// <summary>
    /// Sets how much a subvolume may take for itself: blocks that it shares with another one do not count. Needs <see cref="Enable"/>.
    /// </summary>
    /// <param name="root">The subvolume's root.</param>
    /// <param name="limitBytes">The most; bytes on disk, metadata among them.</param>
    /// <exception cref="LinuxException">The call failed; ENOTCONN where the file system does not count.</exception>
    public static void LimitExclusive(SafeFileHandle root, long limitBytes) => Limit(root, Exclusive, referenced: 0, limitBytes);

    /// <summary>Sets how much a subvolume may hold, whether it shares it or not. Needs <see cref="Enable"/>.</summary>
    /// <param name="root">The subvolume's root.</param>
    /// <param name="limitBytes">The most; bytes on disk, metadata among them.</param>
    /// <exception cref="LinuxException">The call failed; ENOTCONN where the file system does not count.</exception>
    public static void LimitReferenced(SafeFileHandle root, long limitBytes) => Limit(root, Referenced, limitBytes, exclusive: 0);

    /// <summary>Lets a subvolume hold as much as there is room for. Where the file system does not count, that is so already.</summary>
    /// <param name="root">The subvolume's root.</param>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void Unlimit(SafeFileHandle root)
    {
        const long none = -1; // The kernel's CLEAR_VALUE.
        try
        {
            Limit(root, Referenced | Exclusive, none, none);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOTCONN)
        {
            // Nothing is counted, and so nothing limited.
        }
    }

    /// <summary>
    /// Removes the qgroup of a subvolume that is gone, on kernels that do not do so themselves; they do since Linux 6.11, and there it would harm:
    /// a group that is removed while its subvolume is being cleared away still has numbers, by which the kernel takes all groups of the file
    /// system for miscounted and holds no limit any more. False where it is left to the kernel, still needed (EBUSY), not there, or where the file
    /// system does not count.
    /// </summary>
    /// <param name="file">Any file of the file system.</param>
    /// <param name="subvolume">The subvolume's number.</param>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static bool TryRemoveGroup(SafeFileHandle file, long subvolume)
    {
        if (Environment.OSVersion.Version >= s_groupsGoByThemselves)
            return false;
        try
        {
            const long remove = 0;
            Syscall.BtrfsRequest(file, GroupCreate, "BTRFS_IOC_QGROUP_CREATE", [remove, subvolume]);
            return true;
        }
        catch (LinuxException e) when (e.Errno is Errno.EBUSY or Errno.ENOENT or Errno.ENOTCONN or Errno.EINVAL)
        {
            return false;
        }
    }

    // Also while the first count goes on.
    internal static bool HasLostCount(SafeFileHandle file)
    {
        // struct btrfs_ioctl_fs_info_args: two numbers, the UUID, more.
        var facts = new byte[1024];
        Syscall.BtrfsRequest(file, 0x8400941F, "BTRFS_IOC_FS_INFO", facts, tolerated: Errno.None);
        var uuid = new Guid(facts.AsSpan(16, 16), bigEndian: true);
        var path = $"/sys/fs/btrfs/{uuid}/qgroups/inconsistent";
        return File.Exists(path) && File.ReadAllText(path).StartsWith('1');
    }

    // struct btrfs_ioctl_qgroup_limit_args: qgroup (0: the root's own), flags, referenced, exclusive, two reserved.
    static void Limit(SafeFileHandle root, long flags, long referenced, long exclusive) =>
        Syscall.BtrfsRequest(root, GroupLimit, "BTRFS_IOC_QGROUP_LIMIT", [0, flags, referenced, exclusive, 0, 0]);

    static void WaitForCount(SafeFileHandle file) => Syscall.BtrfsRequest(file, RescanWait, "BTRFS_IOC_QUOTA_RESCAN_WAIT", []);
}
