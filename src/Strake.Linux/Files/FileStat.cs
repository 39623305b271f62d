using System.Runtime.InteropServices;

namespace Strake.Linux;

/// <summary>What is known of a file: <c>struct statx</c> (<c>statx(2)</c>), read in place.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
public readonly struct FileStat
{
    readonly uint mask;
    readonly uint blockSize;
    readonly ulong attributes;
    readonly uint linkCount;
    readonly uint uid;
    readonly uint gid;
    readonly ushort mode;
    readonly ushort spare;
    readonly ulong inode;
    readonly ulong size;
    readonly ulong blocks;
    readonly ulong attributesMask;
    readonly Timestamp accessed;
    readonly Timestamp born;
    readonly Timestamp changed;
    readonly Timestamp modified;
    readonly uint rdevMajor;
    readonly uint rdevMinor;
    readonly uint devMajor;
    readonly uint devMinor;
    readonly ulong mountId;

    /// <summary>Which fields the file system filled.</summary>
    public StatFields Fields => (StatFields)mask;

    /// <summary>The size that the file system prefers for reads and writes; bytes.</summary>
    public int PreferredBlockSizeBytes => (int)blockSize;

    /// <summary>The attributes that are set; only those in <see cref="KnownAttributes"/> say something.</summary>
    public StatAttributes Attributes => (StatAttributes)attributes;

    /// <summary>The attributes that the kernel and the file system know.</summary>
    public StatAttributes KnownAttributes => (StatAttributes)attributesMask;

    /// <summary>The number of names.</summary>
    public uint LinkCount => linkCount;

    /// <summary>The owner.</summary>
    public uint Uid => uid;

    /// <summary>The group.</summary>
    public uint Gid => gid;

    /// <summary>The twelve bits that chmod sets.</summary>
    public UnixFileMode Mode => (UnixFileMode)mode & Permissions.Mask;

    /// <summary>What it is.</summary>
    public FileKind Kind => (FileKind)(mode >> 12);

    /// <summary>The inode's number, unique on <see cref="Device"/> while the file lives.</summary>
    public ulong Inode => inode;

    /// <summary>The length; bytes.</summary>
    public long SizeBytes => (long)size;

    /// <summary>What the file takes on disk; bytes, in steps of 512. Less than <see cref="SizeBytes"/> where there are holes.</summary>
    public long AllocatedBytes => (long)blocks * 512;

    /// <summary>The last access.</summary>
    public UnixTime AccessTime => accessed.Value;

    /// <summary>When the file was made; zero where the file system does not keep it.</summary>
    public UnixTime BirthTime => born.Value;

    /// <summary>The last change of the inode.</summary>
    public UnixTime ChangeTime => changed.Value;

    /// <summary>The last change of the content.</summary>
    public UnixTime ModifyTime => modified.Value;

    /// <summary>The device that the file is, where it is one.</summary>
    public DeviceNumber DeviceItself => new(rdevMajor, rdevMinor);

    /// <summary>The device that the file lies on.</summary>
    public DeviceNumber Device => new(devMajor, devMinor);

    /// <summary>The mount that the file was reached through, as in mountinfo (since Linux 5.8); 0 when unknown.</summary>
    public ulong MountId => Fields.HasFlag(StatFields.MountId) ? mountId : 0;

    /// <summary>Whether this is the root of a mount; false where the kernel is older than 5.8.</summary>
    public bool IsMountRoot => Attributes.HasFlag(StatAttributes.MountRoot);

    /// <summary>Whether two are the same file.</summary>
    public bool IsSameFile(in FileStat other) => inode == other.inode && Device == other.Device;

    // struct statx_timestamp
    [StructLayout(LayoutKind.Sequential)]
    readonly struct Timestamp
    {
        readonly long seconds;
        readonly uint nanoseconds;
        readonly int reserved;

        public UnixTime Value => new(seconds, nanoseconds);
    }
}
