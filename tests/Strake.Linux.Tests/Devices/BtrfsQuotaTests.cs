using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux.Tests;

public sealed class BtrfsQuotaTests
{
    const int Megabyte = 1 << 20;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_subvolume_holds_no_more_than_its_limit_until_the_limit_goes()
    {
        using var folder = new TemporaryDirectory();
        using var disk = await MakeAsync(folder);
        using var root = Syscall.Open(disk.Path, OpenFlags.Directory);
        using var limited = Create(root, "limited");

        BtrfsQuota.Unlimit(limited);
        BtrfsQuota.Enable(root);
        BtrfsQuota.LimitReferenced(limited, 4 * Megabyte);
        Assert.InRange(Write(limited, "file", 8), 2, 4);
        BtrfsQuota.Unlimit(limited);
        Assert.Equal(8, Write(limited, "file", 8));
    }

    [Fact]
    public async Task Limits_hold_again_after_the_kernel_gave_up_counting()
    {
        Assert.SkipUnless(Environment.OSVersion.Version >= new Version(6, 11), "This kernel takes no number amiss when a group is removed.");
        using var folder = new TemporaryDirectory();
        using var disk = await MakeAsync(folder);
        using var root = Syscall.Open(disk.Path, OpenFlags.Directory);
        BtrfsQuota.Enable(root);
        for (var round = 0; !BtrfsQuota.HasLostCount(root); round++)
        {
            Assert.InRange(round, 0, 200);
            MakeAndRemove(root, number => RemoveGroupAtOnce(root, number));
        }

        Assert.Equal(8, WriteInto(root, "limited in vain"));

        BtrfsQuota.Enable(root);
        Assert.InRange(WriteInto(root, "limited again"), 2, 4);
    }

    [Fact]
    public async Task The_removal_of_a_subvolume_and_its_group_takes_no_limit_from_others()
    {
        using var folder = new TemporaryDirectory();
        using var disk = await MakeAsync(folder);
        using var root = Syscall.Open(disk.Path, OpenFlags.Directory);
        BtrfsQuota.Enable(root);
        for (var round = 0; round < 20; round++)
            MakeAndRemove(root, number => BtrfsQuota.TryRemoveGroup(root, number));

        Assert.InRange(WriteInto(root, "limited"), 2, 4);
    }

    // How many of 8 megabytes go into a new subvolume that may hold 4.
    static int WriteInto(SafeFileHandle root, string name)
    {
        using var limited = Create(root, name);
        BtrfsQuota.LimitReferenced(limited, 4 * Megabyte);
        return Write(limited, "file", 8);
    }

    // The moment between the end of a subvolume's tree and the end of its count is short, and is what the removal of its group has to hit.
    static void MakeAndRemove(SafeFileHandle root, Action<long> removeGroup)
    {
        long number;
        using (var made = Create(root, "made"))
        {
            Write(made, "file", 2);
            number = BtrfsSubvolume.IdOf(made);
        }

        BtrfsSubvolume.Remove(root, "made"u8);
        // Unlike syncfs(2) it wakes the thread that clears trees away.
        Syscall.BtrfsRequest(root, 0x9408, "BTRFS_IOC_SYNC", []);
        removeGroup(number);
    }

    // As a program does that does not know better.
    static void RemoveGroupAtOnce(SafeFileHandle root, long number)
    {
        for (var isBusy = true; isBusy;)
        {
            try
            {
                Syscall.BtrfsRequest(root, 0x4010942A, "BTRFS_IOC_QGROUP_CREATE", [0, number]);
                isBusy = false;
            }
            catch (LinuxException e) when (e.Errno is Errno.EBUSY or Errno.ENOENT)
            {
                Token.ThrowIfCancellationRequested();
                isBusy = e.Errno == Errno.EBUSY;
            }
        }
    }

    static Task<FileSystemImage> MakeAsync(TemporaryDirectory folder) =>
        FileSystemImage.MakeAsync(folder, "btrfs", 512L * Megabyte);

    static SafeFileHandle Create(SafeFileHandle root, string name)
    {
        BtrfsSubvolume.Create(root, Encoding.UTF8.GetBytes(name));
        return Syscall.OpenAt(root, name, OpenFlags.Directory);
    }

    // Megabytes that went in.
    static int Write(SafeFileHandle folder, string name, int megabytes)
    {
        using var file = Syscall.OpenAt(folder, name, OpenFlags.WriteOnly | OpenFlags.Create, Permissions.Octal0644);
        var block = RandomNumberGenerator.GetBytes(Megabyte);
        for (var written = 0; written < megabytes; written++)
        {
            try
            {
                RandomAccess.Write(file, block, (long)written * Megabyte);
                Syscall.FSync(file);
            }
            catch (IOException)
            {
                return written;
            }
        }

        return megabytes;
    }
}
