using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Containers;

/// <summary>What a container may do and see by default is what Docker lets it.</summary>
public sealed class SecurityTests(LoadedEngine loaded) : EngineTests(loaded)
{
    [Fact]
    public async Task Capabilities_are_Docker_s_fourteen_and_none_is_inheritable() =>
        Assert.Equal(
            ["CapInh:0000000000000000", "CapPrm:00000000a80425fb", "CapEff:00000000a80425fb", "CapBnd:00000000a80425fb", "CapAmb:0000000000000000"],
            (await BusyboxAsync("grep Cap /proc/self/status | tr -d '\\t '")).Split('\n'));

    [Fact]
    public async Task Capabilities_are_added_and_dropped() =>
        Assert.Equal("CapEff:0000000000001001", await BusyboxAsync("grep CapEff /proc/self/status | tr -d '\\t '", "--cap-drop", "ALL", "--cap-add", "CHOWN", "--cap-add", "NET_ADMIN"));

    [Fact]
    public async Task A_user_has_no_capabilities_in_effect() =>
        Assert.Equal("CapEff:0000000000000000", await BusyboxAsync("grep CapEff /proc/self/status | tr -d '\\t '", "-u", "1000"));

    [Fact]
    public async Task A_seccomp_filter_is_at_work_and_mounting_is_refused()
    {
        Assert.Equal("2", await BusyboxAsync("awk '/^Seccomp:/{print $2}' /proc/self/status"));
        Assert.Equal("refused", await BusyboxAsync("mount -t tmpfs x /tmp 2>/dev/null || echo refused"));
        Assert.Equal("refused", await BusyboxAsync("unshare -n true 2>/dev/null || echo refused"));
    }

    [Fact]
    public async Task Seccomp_can_be_switched_off() =>
        Assert.Equal("0", await BusyboxAsync("awk '/^Seccomp:/{print $2}' /proc/self/status", "--security-opt", "seccomp=unconfined"));

    [Fact]
    public async Task No_new_privileges_is_set_on_request()
    {
        Assert.Equal("0", await BusyboxAsync("awk '/^NoNewPrivs:/{print $2}' /proc/self/status"));
        Assert.Equal("1", await BusyboxAsync("awk '/^NoNewPrivs:/{print $2}' /proc/self/status", "--security-opt", "no-new-privileges"));
    }

    [Fact]
    public async Task Paths_of_the_kernel_are_masked()
    {
        Assert.Equal("0", await BusyboxAsync("cat /proc/kcore /proc/keys /proc/timer_list 2>/dev/null | wc -c"));
        Assert.Equal("0", await BusyboxAsync("ls /sys/firmware /proc/scsi 2>/dev/null | grep -v : | grep -c ."  + " || true"));
    }

    [Theory]
    [InlineData("/proc/sys/kernel/core_pattern")]
    [InlineData("/proc/sysrq-trigger")]
    [InlineData("/sys/kernel/mm/ksm/run")]
    public async Task Switches_of_the_kernel_are_read_only(string path) =>
        Assert.Equal("refused", await BusyboxAsync($"(: >>{path}) 2>/dev/null || echo refused"));

    [Fact]
    public async Task The_devices_are_Docker_s_list() =>
        Assert.Equal(
            "fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero",
            await BusyboxAsync("echo $(ls /dev | grep -v '^core$')"));   // core is there where the kernel has /proc/kcore

    [Fact]
    public async Task A_device_that_was_not_given_cannot_be_opened() =>
        Assert.Equal("refused", await BusyboxAsync("mknod /tmp/disk b 7 0 && (: </tmp/disk) 2>/dev/null || echo refused"));

    [Fact]
    public async Task Its_descriptors_are_its_own() =>
        Assert.Equal("0\n1\n2", await BusyboxAsync("ls -1 /proc/1/fd; true"));

    [Fact]
    public async Task The_host_s_processes_are_not_seen() => Assert.Equal("1", await BusyboxAsync("ls -d /proc/[0-9]* | head -n 1 | cut -d/ -f3"));

    [Fact]
    public async Task A_privileged_container_has_every_device_and_capability()
    {
        var seen = await Docker.RunAsync("run", "--rm", "--network", "none", "--privileged", "busybox", "sh", "-c", "mount -t tmpfs x /tmp && ls /dev | wc -l");
        Assert.InRange(int.Parse(seen.Ok(), System.Globalization.CultureInfo.InvariantCulture), 16, int.MaxValue);
    }
}
