using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>
/// Subvolumes of a btrfs: trees of their own that look like directories, of which snapshots cost nothing. By ioctl, as <c>linux/btrfs.h</c> has
/// them: no program is run.
/// </summary>
public static class BtrfsSubvolume
{
    const ulong RootInode = 256; // BTRFS_FIRST_FREE_OBJECTID
    const int NameOffset = 8;    // struct btrfs_ioctl_vol_args: fd, name
    const int NameOffset2 = 56;  // struct btrfs_ioctl_vol_args_v2: fd, transid, flags, four unused, name
    const long ReadOnlyFlag = 2; // BTRFS_SUBVOL_RDONLY

    /// <summary>Whether an open directory is a subvolume's root. The caller knows that it is on a btrfs.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static bool IsRoot(SafeFileHandle directory) => Syscall.Stat(directory, StatFields.Inode).Inode == RootInode;

    /// <summary>Makes an empty subvolume; root's, 0777 less the umask.</summary>
    /// <param name="parent">The directory that it is to be in.</param>
    /// <param name="name">Its name, without NUL.</param>
    /// <exception cref="LinuxException">EEXIST where there is something; ENOTTY where this is no btrfs.</exception>
    public static void Create(SafeFileHandle parent, ReadOnlySpan<byte> name) =>
        Syscall.BtrfsRequest(parent, 0x5000940E, "BTRFS_IOC_SUBVOL_CREATE", NameOffset, name);

    /// <summary>
    /// Makes a subvolume that begins as another one is now and shares all its blocks. Subvolumes in that one are empty directories in it. On disk
    /// on return, as a transaction of its own: it is whole or not there.
    /// </summary>
    /// <param name="source">The other subvolume's root.</param>
    /// <param name="parent">The directory that it is to be in.</param>
    /// <param name="name">Its name, without NUL.</param>
    /// <exception cref="LinuxException">EEXIST where there is something; EINVAL where the source is no subvolume.</exception>
    public static void Snapshot(SafeFileHandle source, SafeFileHandle parent, ReadOnlySpan<byte> name)
    {
        Syscall.BtrfsRequest(parent, 0x50009417, "BTRFS_IOC_SNAP_CREATE_V2", NameOffset2, name, source.DangerousGetHandle());
        GC.KeepAlive(source);
    }

    /// <summary>Says whether a subvolume may be changed; one that may not can still be removed.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void SetReadOnly(SafeFileHandle root, bool isReadOnly)
    {
        Span<long> flags = [isReadOnly ? ReadOnlyFlag : 0];
        Syscall.BtrfsRequest(root, 0x4008941A, "BTRFS_IOC_SUBVOL_SETFLAGS", flags);
    }

    /// <summary>The number of a subvolume, which is its qgroup's too (INO_LOOKUP of its root gives it).</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static long IdOf(SafeFileHandle root) =>
        BinaryPrimitives.ReadInt64LittleEndian(Syscall.BtrfsRequest(root, 0xD0009412, "BTRFS_IOC_INO_LOOKUP", 16, default, 0, (long)RootInode));

    /// <summary>
    /// Removes a subvolume with all in it, other subvolumes too, those that may not be changed included. Its blocks come free in the background.
    /// </summary>
    /// <param name="parent">The directory that it is in.</param>
    /// <param name="name">Its name, without NUL.</param>
    /// <exception cref="LinuxException">EBUSY where something is mounted in it; EINVAL where it is no subvolume.</exception>
    public static void Remove(SafeFileHandle parent, ReadOnlySpan<byte> name)
    {
        if (TryDestroy(parent, name)) return;

        using (var root = Syscall.OpenAt(parent, PathBytes.Terminate(name), OpenFlags.Directory | OpenFlags.NoFollow))
        {
            // Else those in it could not be taken out.
            SetReadOnly(root, isReadOnly: false);
            while (Inner(root) is { Count: > 0 } inner)
            {
                foreach (var (tree, directory) in inner) RemoveInner(root, tree, directory);
            }
        }

        if (!TryDestroy(parent, name)) throw new LinuxException(Errno.ENOTEMPTY, "ioctl BTRFS_IOC_SNAP_DESTROY", Syscall.PathOf(parent, name));
    }

    // False where there are others in it.
    static bool TryDestroy(SafeFileHandle parent, ReadOnlySpan<byte> name)
    {
        try
        {
            Syscall.BtrfsRequest(parent, 0x5000940F, "BTRFS_IOC_SNAP_DESTROY", NameOffset, name);
            return true;
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOTEMPTY)
        {
            return false;
        }
    }

    // struct btrfs_ioctl_get_subvol_rootref_args: the smallest tree wanted, 255 pairs of tree and directory, how many of them. Since Linux 4.18.
    // Where there are more it says so (EOVERFLOW) and tells the first ones nevertheless.
    static List<(long Tree, long Directory)> Inner(SafeFileHandle root)
    {
        var answer = new byte[Syscall.BtrfsRequestSize];
        Syscall.BtrfsRequest(root, 0xD000943D, "BTRFS_IOC_GET_SUBVOL_ROOTREF", answer, tolerated: Errno.EOVERFLOW);
        var inner = new List<(long, long)>();
        for (var i = 0; i < answer[4088]; i++) inner.Add((NumberAt(answer, 8 + (16 * i)), NumberAt(answer, 16 + (16 * i))));
        return inner;
    }

    // struct btrfs_ioctl_ino_lookup_user_args: directory, tree, name[256], path: that of the directory, which ends with a slash unless it is empty.
    static void RemoveInner(SafeFileHandle root, long tree, long directory)
    {
        var answer = Syscall.BtrfsRequest(root, 0xD000943E, "BTRFS_IOC_INO_LOOKUP_USER", 16, default, directory, tree);
        var name = Text(answer.AsSpan(16, 256));
        var path = Text(answer.AsSpan(272));
        using var holder = path.IsEmpty
            ? Syscall.OpenAt(root, ".\0"u8, OpenFlags.Directory)
            : Syscall.OpenAt2(root, PathBytes.Terminate(path), OpenFlags.Directory, ResolveFlags.Beneath | ResolveFlags.NoSymlinks);
        Remove(holder, name);
    }

    static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field) => field[..field.IndexOf((byte)0)];

    static long NumberAt(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadInt64LittleEndian(bytes[offset..]);
}
