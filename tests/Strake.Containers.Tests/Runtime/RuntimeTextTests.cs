using Strake.Containers.Engine;
using Strake.Containers.Runtime;
using Strake.Linux;

namespace Strake.Containers.Tests.Runtime;

public sealed class RuntimeTextTests
{
    [Theory]
    [InlineData("executable file `nope` not found in $PATH: No such file or directory\n", "nope", 127, "unable to start container process: exec: \"nope\": executable file not found in $PATH")]
    [InlineData("open executable: Permission denied", "/etc/x", 126, "unable to start container process: exec: \"/etc/x\": permission denied")]
    [InlineData("time=\"2026\" level=error msg=\"runc create failed: unable to start container process: exec: \\\"nope\\\": executable file not found in $PATH\"", "nope", 127, "unable to start container process: exec: \"nope\": executable file not found in $PATH")]
    [InlineData("time=\"2026\" level=error msg=\"runc create failed: something else\"", "x", 128, "something else")]
    [InlineData("cgroups in hybrid mode not supported", "x", 128, "cgroups in hybrid mode not supported")]
    public void Failures_are_understood(string words, string program, int code, string reason)
    {
        RuntimeFailure failure = RuntimeFailure.Of(words, program);

        Assert.Equal((code, reason), (failure.ExitCode, failure.Reason));
    }

    [Theory]
    [InlineData("{\"data\": 4711}", 4711, null)]
    [InlineData("{\"data\": -1, \"message\": \"bad \\\"thing\\\"\\n\"}", -1, "bad \"thing\"\n")]
    public void Sync_messages_are_read(string line, int number, string? message) =>
        Assert.Equal(new SyncMessage(number, message), SyncPipe.Parse(line));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"data\": \"x\"}")]
    [InlineData("[1]")]
    public void What_is_no_sync_message_is_refused(string line) => Assert.Throws<InvalidDataException>(() => SyncPipe.Parse(line));

    [Fact]
    public void Hierarchies_are_found_in_the_mounts()
    {
        const string hybrid = """
            30 20 0:26 / /sys/fs/cgroup rw - tmpfs tmpfs rw
            31 30 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
            32 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
            33 30 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            34 20 0:30 / /elsewhere/cgroup rw - cgroup cgroup rw,memory
            """;

        CgroupHierarchies found = CgroupHierarchies.Of(MountTable.Parse(System.Text.Encoding.ASCII.GetBytes(hybrid)));

        Assert.False(found.IsUnified);
        Assert.Equal("/sys/fs/cgroup/unified", found.UnifiedBeside);
        Assert.Equal("/sys/fs/cgroup/cpu,cpuacct", found.PathOf("cpu"));
        Assert.Equal("/sys/fs/cgroup/memory", found.PathOf("memory"));
        Assert.Null(found.PathOf("pids"));
        CgroupHierarchies unified = CgroupHierarchies.Of(MountTable.Parse("30 20 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"u8));
        Assert.True(unified.IsUnified);
        Assert.Equal("/sys/fs/cgroup", unified.PathOf("pids"));
    }

    [Fact]
    public void Lines_of_ps_are_picked_by_number()
    {
        TopListing top = ContainerProcesses.Parse("UID   PID CMD\nroot    1 init\nroot   42 sleep 60 x\n", [42]);

        Assert.Equal(["UID", "PID", "CMD"], top.Titles);
        Assert.Equal([["root", "42", "sleep 60 x"]], top.Processes);
        Assert.Throws<StrakeException>(() => ContainerProcesses.Parse("UID CMD\n", []));
    }

    [Theory]
    [InlineData("1h30m", 5400.0)]
    [InlineData("1.5s", 1.5)]
    [InlineData("300ms", 0.3)]
    [InlineData("", null)]
    [InlineData("5", null)]
    [InlineData("5x", null)]
    public void Durations_are_read_as_Go_writes_them(string text, double? seconds) => Assert.Equal(seconds, GoDuration.TryParse(text)?.TotalSeconds);
}
