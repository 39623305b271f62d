using System.Globalization;

namespace Strake.Containers.Tests.Engine;

/// <summary>What went wrong in other engines, tried here.</summary>
public sealed class SecurityTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task Seccomp_is_on_in_the_first_container_and_the_next_and_in_execs(string runtime)
    {
        await using EngineHost host = await EngineHost.StartAsync(runtime);
        string[] look = ["sh", "-c", "grep -w Seccomp: /proc/self/status; mount -t tmpfs x /tmp 2>&1; hostname other 2>&1"];

        for (int round = 0; round < 2; round++)
        {
            RunResult result = await host.RunAsync(look);
            Assert.StartsWith("Seccomp:\t2\n", result.Output, StringComparison.Ordinal);
            Assert.Contains("Operation not permitted", result.Output, StringComparison.Ordinal);
        }

        string id = await host.StartDetachedAsync(["sleep", "60"]);
        Assert.StartsWith("Seccomp:\t2\n", (await host.ExecAsync(id, look)).Output, StringComparison.Ordinal);
        RunResult free = await host.RunAsync(["grep", "-w", "Seccomp:", "/proc/self/status"], host: static settings => settings with { SecurityOpt = ["seccomp=unconfined"] });
        Assert.Equal("Seccomp:\t0\n", free.Output);
    }

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task Capabilities_are_Dockers_and_the_inheritable_set_is_empty(string runtime)
    {
        await using EngineHost host = await EngineHost.StartAsync(runtime);
        string[] look = ["sh", "-c", "grep ^Cap /proc/self/status"];

        RunResult root = await host.RunAsync(look);
        RunResult jane = await host.RunAsync(look, static config => config with { User = "jane" });
        string id = await host.StartDetachedAsync(["sleep", "60"]);
        (_, string exec, _) = await host.ExecAsync(id, look);

        const string standard = "CapInh:\t0000000000000000\nCapPrm:\t00000000a80425fb\nCapEff:\t00000000a80425fb\nCapBnd:\t00000000a80425fb\nCapAmb:\t0000000000000000\n";
        Assert.Equal(standard, root.Output);
        Assert.Equal(standard, exec);
        Assert.Equal("CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapBnd:\t00000000a80425fb\nCapAmb:\t0000000000000000\n", jane.Output);
    }

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task Descriptors_of_a_container_and_of_an_exec_are_its_own(string runtime)
    {
        await using EngineHost host = await EngineHost.StartAsync(runtime);
        string[] look = ["sh", "-c", "for fd in /proc/self/fd/*; do readlink $fd; done"];

        RunResult run = await host.RunAsync(look);
        string id = await host.StartDetachedAsync(["sleep", "60"]);
        (_, string exec, _) = await host.ExecAsync(id, look);

        foreach (string line in (run.Output + exec).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Assert.Matches(@"^(pipe:\[\d+\]|/dev/null|/proc/\d+/fd)$", line);
    }

    [Fact]
    public async Task Supplementary_groups_are_as_the_image_says()
    {
        await using EngineHost host = await EngineHost.StartAsync();

        Assert.Equal("0 10\n", (await host.RunAsync(["id", "-G"])).Output);
        Assert.Equal("1000 10 100\n", (await host.RunAsync(["id", "-G"], static config => config with { User = "1000" })).Output);
        Assert.Equal("5\n", (await host.RunAsync(["id", "-G"], static config => config with { User = "4:5" })).Output);
        Assert.Equal("5 10 77\n", (await host.RunAsync(["id", "-G"], static config => config with { User = "4:5" }, static settings => settings with { GroupAdd = ["wheel", "77"] })).Output);
    }

    [Theory]
    [InlineData("/proc/self/fd/8")]
    [InlineData("/etc/toproc/8")]
    public async Task A_working_directory_below_proc_is_refused(string directory)
    {
        await using EngineHost host = await EngineHost.StartAsync();

        StrakeException error = await Assert.ThrowsAsync<StrakeException>(() => host.RunAsync(["pwd"], config => config with { WorkingDir = directory }));

        Assert.Equal(ErrorKind.Invalid, error.Kind);
        await host.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData("/proc")]
    [InlineData("/proc/sys/kernel")]
    [InlineData("/etc/toproc")]
    public async Task A_volume_over_proc_is_refused(string target)
    {
        await using EngineHost host = await EngineHost.StartAsync();

        StrakeException error = await Assert.ThrowsAsync<StrakeException>(() => host.RunAsync(["true"], host: settings => settings with { Binds = [$"vol:{target}"] }));

        Assert.Equal(ErrorKind.Invalid, error.Kind);
        await host.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_volume_of_the_image_stays_within_it()
    {
        await using EngineHost host = await EngineHost.StartAsync();

        // CVE-2022-23648: with ".." and with links, the image's VOLUME named the host's files, which were copied into it.
        RunResult result = await host.RunAsync(
            ["ls", "/etc/passwd", "/hosts"],
            static config => config with { Volumes = new Dictionary<string, Empty> { ["/../../hosts/../hosts"] = Empty.Value } });

        Assert.Equal("/etc/passwd\n\n/hosts:\n", result.Output);
    }

    [Fact]
    public async Task Masked_and_read_only_paths_are_so()
    {
        await using EngineHost host = await EngineHost.StartAsync();

        RunResult result = await host.RunAsync(["sh", "-c", "for f in kcore keys timer_list; do test ! -e /proc/$f || cat /proc/$f; done; ls /sys/firmware | wc -l; echo 1 > /proc/sys/vm/drop_caches;"]);

        Assert.Equal("0\n", result.Output);
        Assert.Equal(1, result.Errors.Split("Read-only file system").Length - 1);
    }

    [Fact]
    public async Task The_folders_are_closed_to_others()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string id = await host.StartDetachedAsync(["sleep", "60"]);

        foreach (string path in (string[])[host.ExecRoot, $"{host.ExecRoot}/containers", $"{host.ExecRoot}/containers/{id}", $"{host.ExecRoot}/runtime", $"{host.ExecRoot}/exits", $"{host.DataRoot}/containers", $"{host.DataRoot}/containers/{id}"])
            Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(path) & (UnixFileMode)0b000_111_111);
    }

    [Fact]
    public async Task A_fifo_in_the_place_of_the_accounts_holds_nobody_back()
    {
        // runc reads the accounts as well, and refuses such ones.
        await using EngineHost host = await EngineHost.StartAsync("crun");
        RunResult first = await host.RunAsync(["sh", "-c", "rm /etc/passwd /etc/group; mkdir /etc/group; ln -s /dev/zero /etc/passwd"]);
        await host.Engine.StartAsync(first.Id, Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    [Fact]
    public async Task Limits_are_set()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string id = await host.StartDetachedAsync(
            ["sleep", "60"], host: static settings => settings with { Memory = 64 << 20, PidsLimit = 7, CpuShares = 512, NanoCpus = 500_000_000, Ulimits = [new("nofile", 512, 256)] });
        string cgroup = $"{host.CgroupParent}/{id}";

        (_, string files, _) = await host.ExecAsync(id, ["sh", "-c", "grep 'open files' /proc/1/limits"]);

        Assert.Matches(@"Max open files\s+256\s+512\s", files);
        Assert.Equal((64 << 20).ToString(CultureInfo.InvariantCulture), Read("memory", "memory.limit_in_bytes", "memory.max"));
        Assert.Equal("7", Read("pids", "pids.max", "pids.max"));
        await host.AssertNothingIsLeftAsync();

        string Read(string controller, string legacy, string unified) => File.ReadAllText(
            Directory.Exists($"/sys/fs/cgroup/{controller}") ? $"/sys/fs/cgroup/{controller}{cgroup}/{legacy}" : $"/sys/fs/cgroup{cgroup}/{unified}").Trim();
    }

    [Fact]
    public async Task A_privileged_container_has_devices_and_no_filter()
    {
        await using EngineHost host = await EngineHost.StartAsync();

        RunResult result = await host.RunAsync(
            ["sh", "-c", "grep -w Seccomp: /proc/self/status; ls /dev/kmsg; mount -t tmpfs x /tmp && echo mounted"], host: static settings => settings with { Privileged = true });

        Assert.Equal("Seccomp:\t0\n/dev/kmsg\nmounted\n", result.Output);
        await host.AssertNothingIsLeftAsync();
    }
}
