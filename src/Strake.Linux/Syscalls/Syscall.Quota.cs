using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <remarks>linux/fs.h, linux/dqblk_xfs.h; used by <see cref="ProjectQuota"/> alone.</remarks>
public static partial class Syscall
{
    const nint ProjectQuotaType = 2; // PRJQUOTA
    const int QuotaBlock = 512;      // dqblk_xfs.h counts in basic blocks

    internal static InodeFlags GetInodeFlags(SafeFileHandle file)
    {
        const nuint get = 0x801C581F; // FS_IOC_FSGETXATTR
        var flags = default(InodeFlags);
        return ioctl(file, get, ref flags) == 0 ? flags : throw Failure("ioctl FS_IOC_FSGETXATTR", file);
    }

    internal static void SetInodeFlags(SafeFileHandle file, InodeFlags flags)
    {
        const nuint set = 0x401C5820; // FS_IOC_FSSETXATTR
        if (ioctl(file, set, ref flags) < 0)
            throw Failure("ioctl FS_IOC_FSSETXATTR", file);
    }

    internal static void SetProjectLimit(SafeFileHandle file, uint project, long limitBytes, long limitInodes)
    {
        const nint setLimit = ('X' << 8) + 4;                              // Q_XSETQLIM
        const ushort hardLimits = (1 << 3) | (1 << 2) | (1 << 1) | 1;      // FS_DQ_BHARD | BSOFT | IHARD | ISOFT
        var quota = new DiskQuota
        {
            Version = 1,
            Flags = (sbyte)ProjectQuotaType,
            FieldMask = hardLimits,
            Id = project,
            BlockHardLimit = (ulong)((limitBytes + QuotaBlock - 1) / QuotaBlock),
            InodeHardLimit = (ulong)limitInodes,
        };
        Quotactl(file, setLimit, project, ref quota);
    }

    internal static ProjectUsage GetProjectUsage(SafeFileHandle file, uint project)
    {
        const nint getQuota = ('X' << 8) + 3; // Q_XGETQUOTA
        var quota = default(DiskQuota);
        Quotactl(file, getQuota, project, ref quota);
        return new(
            (long)quota.Blocks * QuotaBlock, (long)quota.BlockHardLimit * QuotaBlock, (long)quota.Inodes, (long)quota.InodeHardLimit);
    }

    // quotactl_fd: the file system by any file of it, not by its device's path (since Linux 5.14).
    static void Quotactl(SafeFileHandle file, nint command, uint id, ref DiskQuota quota)
    {
        if (syscall_quotactl_fd((nint)Number.QuotactlFd, file, (command << 8) | ProjectQuotaType, (nint)id, ref quota) < 0)
            throw Failure("quotactl_fd", file);
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int ioctl(SafeFileHandle file, nuint request, ref InodeFlags argument);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static partial long syscall_quotactl_fd(nint number, SafeFileHandle file, nint command, nint id, ref DiskQuota quota);

    // struct fsxattr
    [StructLayout(LayoutKind.Sequential, Size = 28)]
    internal struct InodeFlags
    {
        public uint Flags;
        public uint ExtentSize;
        public uint Extents;
        public uint ProjectId;
        public uint CowExtentSize;
    }

    // struct fs_disk_quota
    [StructLayout(LayoutKind.Sequential, Size = 112)]
    struct DiskQuota
    {
        public sbyte Version;
        public sbyte Flags;
        public ushort FieldMask;
        public uint Id;
        public ulong BlockHardLimit;
        public ulong BlockSoftLimit;
        public ulong InodeHardLimit;
        public ulong InodeSoftLimit;
        public ulong Blocks;
        public ulong Inodes;
    }
}
