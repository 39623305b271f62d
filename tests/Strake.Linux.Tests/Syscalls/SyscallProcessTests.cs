namespace Strake.Linux.Tests;

public sealed class SyscallProcessTests
{
    [Fact]
    public async Task The_kernel_s_name_is_what_uname_1_says()
    {
        var name = Syscall.Uname();

        var run = await ChildProcess.RunAsync(
            new() { Program = "/bin/uname", Arguments = ["-snrvm"] }, new(), TestContext.Current.CancellationToken);
        Assert.Equal($"{name.System} {name.Node} {name.Release} {name.Version} {name.Machine}\n", run.OutputText);
    }

    [Fact]
    public void The_memory_is_what_proc_says()
    {
        var load = Syscall.SysInfo();

        var total = File.ReadLines("/proc/meminfo").First(line => line.StartsWith("MemTotal:", StringComparison.Ordinal));
        Assert.Contains($" {load.MemoryBytes / 1024} kB", total, StringComparison.Ordinal);
        Assert.InRange(load.FreeMemoryBytes, 1, load.MemoryBytes);
        Assert.InRange(load.Tasks, 1, int.MaxValue);
        Assert.True(load.Uptime > TimeSpan.Zero);
    }

    [Fact]
    public void The_umask_is_set_and_told()
    {
        var before = Syscall.Umask(UnixFileMode.None);

        Assert.Equal(UnixFileMode.None, Syscall.Umask(before));
    }

    [Fact]
    public void A_process_that_is_not_there_is_an_outcome()
    {
        // Above the largest number that the kernel gives (PID_MAX_LIMIT).
        const int nobody = (4 * 1024 * 1024) + 1;

        Assert.Null(Syscall.TryPidfdOpen(nobody));
        Assert.False(Syscall.Kill(nobody, Signal.SIGTERM));
        Assert.True(Syscall.Kill(Syscall.GetPid(), Signal.None));
    }

    [Fact]
    public void A_child_of_another_cannot_be_collected()
    {
        using var parent = Syscall.TryPidfdOpen(1)!;

        Assert.Equal(Errno.ECHILD, Assert.Throws<LinuxException>(() => Syscall.TryWait(parent)).Errno);
    }

    [Fact]
    public void A_thread_of_its_own_leaves_the_shared_mounts_and_the_others_stay()
    {
        using var folder = new TemporaryDirectory();
        var target = folder.MakeDirectory("t");
        var inside = false;
        var thread = new Thread(() =>
        {
            Syscall.Unshare(Namespaces.FileSystem | Namespaces.Mount);
            Syscall.Mount(null, "/", null, MountFlags.Private | MountFlags.Recursive);
            Syscall.Mount("tmpfs", target, "tmpfs", MountFlags.None);
            inside = MountTable.IsMountPoint(target) && MountTable.Below(target).Count == 1;
        });

        thread.Start();
        thread.Join();

        Assert.True(inside);
        Assert.False(MountTable.IsMountPoint(target));
        Assert.Empty(MountTable.Below(target));
    }
}
