using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux.Tests;

public sealed class ChildProcessTests
{
    const string Shell = "/bin/sh";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("exit 0", 0, Signal.None)]
    [InlineData("exit 42", 42, Signal.None)]
    [InlineData("kill -KILL $$", 137, Signal.SIGKILL)]
    [InlineData("kill -TERM $$", 143, Signal.SIGTERM)]
    public async Task The_end_of_a_child_is_told(string script, int code, Signal signal)
    {
        var status = await Start(script).Exited;

        Assert.Equal((code, signal), (status.Code, status.Signal));
    }

    [Fact]
    public async Task Arguments_arrive_as_they_are_and_the_environment_is_only_what_was_given()
    {
        string[] arguments = ["", "a b", "$HOME", "*", "'\"\\", "é\n"];
        var output = await ChildProcess.RunAsync(
            new() { Program = "/usr/bin/env", Arguments = ["printf", "[%s]", .. arguments], Environment = ["PATH=/usr/bin:/bin"] }, new(), Token);
        var environment = await ChildProcess.RunAsync(
            new() { Program = "/usr/bin/env", Environment = ["A=1", "B=two words"] }, new(), Token);

        Assert.Equal(string.Concat(arguments.Select(a => $"[{a}]")), output.OutputText);
        Assert.Equal("A=1\nB=two words\n", environment.OutputText);
    }

    [Fact]
    public void A_NUL_in_an_argument_is_refused() =>
        Assert.Throws<ArgumentException>(() => ChildProcess.Start(new() { Program = Shell, Arguments = ["a\0b"] }));

    [Fact]
    public async Task It_starts_in_the_directory_asked_for()
    {
        using var folder = new TemporaryDirectory();

        var output = await ChildProcess.RunAsync(
            new() { Program = Shell, Arguments = ["-c", "pwd -P"], WorkingDirectory = folder.Path }, new(), Token);

        Assert.Equal(folder.Path + "\n", output.OutputText);
    }

    [Theory]
    [InlineData("/no/such/program", null, Errno.ENOENT)]
    [InlineData("strake-no-such-name", null, Errno.ENOENT)]
    [InlineData("/bin/true", "/no/such/directory", Errno.ENOENT)]
    [InlineData("/etc/passwd", null, Errno.EACCES)]
    public void What_cannot_be_started_is_told_at_once(string program, string? directory, Errno errno)
    {
        var exception = Assert.Throws<LinuxException>(() => ChildProcess.Start(new() { Program = program, WorkingDirectory = directory }));

        Assert.Equal(errno, exception.Errno);
        Assert.Contains(program, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exactly_the_given_descriptors_are_open_in_the_child()
    {
        using var folder = new TemporaryDirectory();
        using var three = Syscall.Open(folder.MakeFile("three"), OpenFlags.ReadWrite);
        using var six = Syscall.Open(folder.MakeFile("six"), OpenFlags.ReadWrite);
        using var pipe = Syscall.Pipe2();

        // One that a careless parent left open over exec.
        using var leaked = Inheritable(three);
        var child = ChildProcess.Start(new()
        {
            Program = "/bin/ls",
            Arguments = ["-l", "/proc/self/fd"],
            Output = pipe.Write,
            Descriptors = new Dictionary<int, SafeHandle> { [3] = three, [6] = six },
        });
        pipe.Write.Dispose();
        await child.Exited;

        // "lrwx------ 1 root root 64 Nov 21 03:00 3 -> /tmp/three"; ls has the directory itself open besides.
        var open = ReadAll(pipe.Read).Split('\n')
            .Where(line => line.Contains(" -> ", StringComparison.Ordinal) && !line.Contains(" -> /proc/", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(fields => int.Parse(fields[^3], CultureInfo.InvariantCulture), fields => fields[^1]);
        Assert.Equal([0, 1, 2, 3, 6], open.Keys.Order());
        Assert.StartsWith("pipe:", open[1], StringComparison.Ordinal);
        Assert.Equal(("/dev/null", "/dev/null", folder["three"], folder["six"]), (open[0], open[2], open[3], open[6]));
    }

    [Fact]
    public async Task Descriptors_may_change_places()
    {
        using var folder = new TemporaryDirectory();
        var names = Enumerable.Range(0, 30).Select(i => folder.MakeFile($"file{i}")).ToList();
        var files = names.Select(name => Syscall.Open(name, OpenFlags.WriteOnly)).ToList();

        // Numbers of the parent's own files, in the reverse order: each step in the child overwrites the source of another.
        var numbers = files.Select(file => (int)file.DangerousGetHandle()).ToList();
        var highest = numbers.Max();
        var map = files.Zip(Enumerable.Reverse(numbers)).ToDictionary(p => p.Second, p => (SafeHandle)p.First);
        var script = string.Concat(Enumerable.Range(0, 30).Select(i => $"echo {i} > /proc/self/fd/{numbers[29 - i]};"));

        var status = await ChildProcess.Start(new() { Program = Shell, Arguments = ["-c", script], Descriptors = map }).Exited;

        Assert.True(status.IsSuccess);
        for (var i = 0; i < names.Count; i++)
            Assert.Equal($"{i}\n", await File.ReadAllTextAsync(names[i], Token));

        files.ForEach(file => file.Dispose());
        Assert.True(highest > 3);
    }

    [Fact]
    public void Standard_descriptors_are_not_given_by_number() =>
        Assert.Throws<ArgumentException>(() => ChildProcess.Start(new()
        {
            Program = Shell,
            Descriptors = new Dictionary<int, SafeHandle> { [2] = Syscall.WorkingDirectory },
        }));

    [Fact]
    public async Task Signals_are_neither_ignored_nor_blocked_in_the_child()
    {
        var output = await ChildProcess.RunAsync(new() { Program = "/bin/cat", Arguments = ["/proc/self/status"] }, new(), Token);

        var signals = output.OutputText.Split('\n').Where(line => line.StartsWith("Sig", StringComparison.Ordinal)).ToList();
        Assert.Contains("SigBlk:\t0000000000000000", signals, StringComparer.Ordinal);
        Assert.Contains("SigIgn:\t0000000000000000", signals, StringComparer.Ordinal);
        Assert.Contains("SigCgt:\t0000000000000000", signals, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_new_session_has_no_part_of_ours()
    {
        const string script = "read -r pid comm state ppid group session rest < /proc/self/stat; echo $pid $group $session";
        var apart = await ChildProcess.RunAsync(new() { Program = Shell, Arguments = ["-c", script], NewSession = true }, new(), Token);

        var numbers = apart.OutputText.Trim().Split(' ');
        Assert.Equal(numbers[0], numbers[1]);
        Assert.Equal(numbers[0], numbers[2]);
    }

    [Fact]
    public async Task A_thousand_children_leave_no_zombie_and_no_descriptor()
    {
        var ids = new List<int>();
        for (var round = 0; round < 20; round++)
        {
            var children = Enumerable.Range(0, 50).Select(_ => ChildProcess.Start(new() { Program = "/bin/true" })).ToList();
            ids.AddRange(children.Select(child => child.Id));
            Assert.All(await Task.WhenAll(children.Select(child => child.Exited)), status => Assert.True(status.IsSuccess));
        }

        Assert.All(ids, id => Assert.False(IsZombieOfOurs(id)));
        Assert.InRange(OpenDescriptors.Count("anon_inode:[pidfd]"), 0, 20);
    }

    [Fact]
    public async Task It_lives_beside_the_runtime_s_own_children()
    {
        using var other = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(Shell, ["-c", "exit 7"]))!;
        var ours = Enumerable.Range(0, 50).Select(i => Start($"exit {i}")).ToList();
        await other.WaitForExitAsync(Token);

        Assert.Equal(7, other.ExitCode);
        Assert.Equal(Enumerable.Range(0, 50), (await Task.WhenAll(ours.Select(child => child.Exited))).Select(status => status.Code));
    }

    [Fact]
    public async Task Signals_reach_it_until_it_has_ended()
    {
        var child = Start("trap 'exit 5' TERM; echo ready >&2; while :; do sleep 0.01; done");
        while (!child.Exited.IsCompleted && child.Send(Signal.SIGTERM))
            await Task.WhenAny(child.Exited, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token));

        var status = await child.Exited;

        Assert.Contains(status, new[] { ExitStatus.Exited(5), ExitStatus.Killed(Signal.SIGTERM) });
        Assert.False(child.Send(Signal.SIGTERM));
        Assert.False(child.Kill());
    }

    [Fact]
    public async Task Output_is_kept_up_to_the_limit_and_the_rest_does_not_hinder()
    {
        var output = await ChildProcess.RunAsync(
            new() { Program = Shell, Arguments = ["-c", "head -c 5000000 /dev/zero; echo error >&2; exit 3"], Environment = ["PATH=/usr/bin:/bin"] },
            new() { OutputBytes = 1000 },
            Token);

        Assert.Equal(3, output.Status.Code);
        Assert.Equal(1000, output.Output.Length);
        Assert.True(output.IsTruncated);
        Assert.Equal("error\n", output.ErrorText);
    }

    [Fact]
    public async Task All_of_the_output_is_there_when_the_limit_is_not_reached()
    {
        var output = await ChildProcess.RunAsync(
            new() { Program = "/usr/bin/head", Arguments = ["-c", "1000000", "/dev/zero"] }, new() { OutputBytes = 1_000_000 }, Token);

        Assert.Equal(1_000_000, output.Output.Length);
        Assert.False(output.IsTruncated);
    }

    [Fact]
    public async Task Input_is_read_to_its_end()
    {
        var input = Encoding.UTF8.GetBytes(new string('i', 300_000));

        var output = await ChildProcess.RunAsync(new() { Program = "/bin/cat" }, input, new(), Token);

        Assert.Equal(input, output.Output.ToArray());
    }

    [Fact]
    public async Task What_a_child_leaves_running_is_not_waited_for()
    {
        using var folder = new TemporaryDirectory();

        var output = await ChildProcess.RunAsync(
            new() { Program = Shell, Arguments = ["-c", "sleep 600 & echo $!"], Environment = ["PATH=/usr/bin:/bin"] }, new(), Token);

        var left = int.Parse(output.OutputText, CultureInfo.InvariantCulture);
        Assert.True(Syscall.Kill(left, Signal.SIGKILL));
    }

    [Fact]
    public async Task A_cancelled_run_kills_the_child_and_what_it_started()
    {
        using var folder = new TemporaryDirectory();
        using var inotify = new Inotify();
        inotify.Watch(folder.Path, InotifyEvents.MovedTo);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var run = ChildProcess.RunAsync(
            new()
            {
                Program = Shell,
                Arguments = ["-c", $"sleep 600 & echo $$ $! > {folder["x"]}; mv {folder["x"]} {folder["ids"]}; wait"],
                Environment = ["PATH=/usr/bin:/bin"],
            },
            new(),
            cancellation.Token);
        await inotify.ReadAsync(Token);
        var ids = (await File.ReadAllTextAsync(folder["ids"], Token)).Split(' ').Select(id => int.Parse(id, CultureInfo.InvariantCulture)).ToList();
        using var grandchild = Syscall.TryPidfdOpen(ids[1])!;
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await Readiness.WaitAsync(grandchild, PollEvents.Readable, Token);
        Assert.False(Syscall.Kill(ids[0], Signal.None));
    }

    [Fact]
    public async Task A_run_that_takes_too_long_is_killed_and_named()
    {
        var exception = await Assert.ThrowsAsync<TimeoutException>(() => ChildProcess.RunAsync(
            new() { Program = "/bin/sleep", Arguments = ["600"] }, new() { Timeout = TimeSpan.FromMilliseconds(50) }, Token));

        Assert.Contains("/bin/sleep", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_that_was_killed_by_another_is_no_time_out()
    {
        var output = await ChildProcess.RunAsync(
            new() { Program = Shell, Arguments = ["-c", "kill -KILL $$"] }, new() { Timeout = TimeSpan.FromMinutes(5) }, Token);

        Assert.Equal(Signal.SIGKILL, output.Status.Signal);
    }

    static ChildProcess Start(string script) =>
        ChildProcess.Start(new() { Program = Shell, Arguments = ["-c", script], Environment = ["PATH=/usr/bin:/bin"] });

    static SafeFileHandle Inheritable(SafeFileHandle file)
    {
        var copy = Syscall.Duplicate(file, 200);
        CloseOnExec.Clear(copy);
        return copy;
    }

    static string ReadAll(SafeFileHandle pipe)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        for (var count = Syscall.TryRead(pipe, buffer); count > 0; count = Syscall.TryRead(pipe, buffer))
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));

        return text.ToString();
    }

    // The number may be another's by now.
    static bool IsZombieOfOurs(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" && int.Parse(fields[1], CultureInfo.InvariantCulture) == Environment.ProcessId;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
