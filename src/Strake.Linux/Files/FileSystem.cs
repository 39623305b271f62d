using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>File systems by their names.</summary>
public static class FileSystem
{
    /// <summary>The type of the file system that a path lies on, such as <c>ext4</c> or <c>overlayfs</c>.</summary>
    /// <exception cref="LinuxException">The path cannot be looked at.</exception>
    public static string TypeOf(string path) => NameOf(Syscall.StatFs(path).Magic);

    /// <summary>The type of the file system that an open file lies on.</summary>
    /// <exception cref="LinuxException">The file cannot be looked at.</exception>
    public static string TypeOf(SafeFileHandle file) => NameOf(Syscall.StatFs(file).Magic);

    /// <summary>The name of a magic number (<c>linux/magic.h</c>); <c>0x…</c> where it is not known here.</summary>
    public static string NameOf(uint magic) => magic switch
    {
        // ext2 and ext3 have the same number; what mounts them today is ext4.
        0xEF53 => "ext4",
        0x58465342 => "xfs",
        0x9123683E => "btrfs",
        0x794C7630 => "overlayfs",
        0x01021994 => "tmpfs",
        0x858458F6 => "ramfs",
        0x2FC12FC1 => "zfs",
        0x6969 => "nfs",
        0xFF534D42 => "cifs",
        0xFE534D42 => "smb2",
        0x517B => "smb",
        0x65735546 => "fuse",
        0x61756673 => "aufs",
        0xCA451A4E => "bcachefs",
        0xF2F52010 => "f2fs",
        0x73717368 => "squashfs",
        0xE0F5E1E2 => "erofs",
        0x9660 => "iso9660",
        0x4D44 => "vfat",
        0x2011BAB0 => "exfat",
        0x5346544E => "ntfs",
        0x00C36400 => "ceph",
        0x47504653 => "gpfs",
        0x0BD00BD0 => "lustre",
        0x01021997 => "9p",
        0x3153464A => "jfs",
        0x52654973 => "reiserfs",
        0xF15F => "ecryptfs",
        0x62656572 => "sysfs",
        0x9FA0 => "proc",
        0x0027E0EB => "cgroup",
        0x63677270 => "cgroup2",
        0x1CD1 => "devpts",
        0x958458F6 => "hugetlbfs",
        0xCAFE4A11 => "bpf",
        0x50495045 => "pipefs",
        0x534F434B => "sockfs",
        0x6E736673 => "nsfs",
        _ => $"0x{magic:x}",
    };
}
