using System.Text;
using Strake.Containers.Runtime;
using Strake.Linux;

namespace Strake.Containers.Tests.Runtime;

public sealed class HostMountsTests
{
    // The first is read, and the parents of the others with it.
    const string Private = """
        1 0 254:0 / / rw - ext4 /dev/vda rw
        2 1 0:4 / /proc rw - proc proc rw
        3 1 0:5 / /sys rw - sysfs sysfs rw
        4 3 0:6 / /sys/fs/cgroup rw - tmpfs tmpfs rw
        5 1 0:7 / /run rw - tmpfs tmpfs rw
        6 5 0:8 / /run/user/0 rw - tmpfs tmpfs rw
        7 5 0:9 / /run/strake/containers/a/rootfs rw - overlay overlay rw
        8 1 7:0 / /mnt/disk rw - ext4 /dev/loop0 rw
        9 8 7:1 / /mnt/disk/inner rw - ext4 /dev/loop1 rw
        10 1 8:1 / /var/lib rw - ext4 /dev/sdb1 rw
        11 10 0:20 / /var/lib/strake/volumes/n/_data rw - nfs server:/x rw
        """;

    static IReadOnlyList<string> Foreign(string mounts) =>
        HostMounts.Foreign(MountTable.Parse(Encoding.UTF8.GetBytes(mounts + "\n")), ["/run/strake", "/var/lib/strake"], "/var/lib/strake/volumes");

    [Fact]
    public void Mounts_that_the_host_cannot_take_away_here_go_and_those_below_go_with_them() =>
        Assert.Equal(["/run/user/0", "/mnt/disk", "/var/lib/strake/volumes/n/_data"], Foreign(Private));

    // A start in one namespace took away, in every other, what was mounted below a shared mount that lay on a private one.
    [Fact]
    public void What_is_let_go_of_here_stays_where_it_is_elsewhere()
    {
        string place = Directory.CreateTempSubdirectory("strake-test-").FullName;
        try
        {
            ReleaseElsewhere(place);
        }
        finally
        {
            Directory.Delete(place);
        }
    }

    static void ReleaseElsewhere(string place)
    {
        using MountScope shared = new Mount("tmpfs", "tmpfs", place, MountFlags.Shared).Attach();
        string below = Directory.CreateDirectory($"{place}/below").FullName;
        using MountScope inner = new Mount("tmpfs", "tmpfs", below).Attach();

        bool goneHere = false;
        var thread = new Thread(() =>
        {
            Syscall.Unshare(Namespaces.FileSystem);
            Syscall.Unshare(Namespaces.Mount);
            Syscall.Mount(null, "/", null, MountFlags.Private);
            HostMounts.Release(["/run/strake"], "/run/strake/volumes");
            goneHere = !MountTable.IsMountPoint(place);
        });
        thread.Start();
        thread.Join();

        Assert.True(goneHere);
        Assert.True(MountTable.IsMountPoint(below));
    }

    [Fact]
    public void A_mount_on_a_shared_one_is_left_to_the_host() =>
        Assert.Equal(["/run/user/0", "/mnt/disk/inner", "/var/lib/strake/volumes/n/_data"], Foreign(Private.Replace("1 0 254:0 / / rw -", "1 0 254:0 / / rw shared:1 -", StringComparison.Ordinal)));
}
