using System.Text;

namespace Strake.Containers.Tests.Engine;

public sealed class RunTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task A_container_runs_with_its_output_and_exit_code_and_leaves_nothing(string runtime)
    {
        await using EngineHost host = await EngineHost.StartAsync(runtime);

        RunResult result = await host.RunAsync(["sh", "-c", "echo out; echo err >&2; exit 7"]);

        Assert.Equal(7, result.Code);
        Assert.Equal("out\n", result.Output);
        Assert.Equal("err\n", result.Errors);
        Container container = await host.Engine.GetAsync(result.Id, Token);
        Assert.Equal(ContainerStatus.Exited, container.State.Status);
        Assert.Equal(7, container.State.ExitCode);
        Assert.Empty(await host.Engine.CheckAsync(Token));
        await host.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData("crun", "nope", 127, "exec: \"nope\": executable file not found in $PATH")]
    [InlineData("runc", "nope", 127, "exec: \"nope\": executable file not found in $PATH")]
    [InlineData("crun", "/nope", 127, "exec: \"/nope\": stat /nope: no such file or directory")]
    [InlineData("runc", "/nope", 127, "exec: \"/nope\": stat /nope: no such file or directory")]
    [InlineData("crun", "/etc/text", 126, "exec: \"/etc/text\": permission denied")]
    [InlineData("runc", "/etc/text", 126, "exec: \"/etc/text\": permission denied")]
    [InlineData("runc", "/etc", 126, "exec: \"/etc\": permission denied")]
    public async Task A_command_that_cannot_be_run_is_told_as_Docker_does(string runtime, string program, int code, string words)
    {
        await using EngineHost host = await EngineHost.StartAsync(runtime);
        CreatedContainer created = await host.CreateAsync([program]);

        StrakeException error = await Assert.ThrowsAsync<StrakeException>(() => host.Engine.StartAsync(created.Id, Token));

        Assert.Contains("OCI runtime create failed: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Container container = await host.Engine.GetAsync(created.Id, Token);
        Assert.Equal(ContainerStatus.Created, container.State.Status);
        Assert.Equal(code, container.State.ExitCode);
        Assert.Empty(await host.Engine.CheckAsync(Token));
        await host.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task A_half_closed_stdin_ends_the_containers_and_its_output_goes_on(string runtime)
    {
        await using EngineHost host = await EngineHost.StartAsync(runtime);
        const int megabytes = 64;
        using var input = new MemoryStream(new byte[megabytes << 20]);

        RunResult result = await host.RunAsync(
            ["sh", "-c", "wc -c; echo after"],
            static config => config with { OpenStdin = true, StdinOnce = true },
            input: input);

        Assert.Equal($"{megabytes << 20}\nafter\n", result.Output);
        Assert.Equal(0, result.Code);
    }

    [Fact]
    public async Task All_output_arrives_however_much_it_is()
    {
        await using EngineHost host = await EngineHost.StartAsync();

        RunResult result = await host.RunAsync(["dd", "if=/dev/zero", "bs=65536", "count=512"]);

        Assert.Equal(32 << 20, result.Output.Length);
        Assert.Contains("512+0 records out", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_auto_removed_container_is_gone_when_the_wait_for_it_ends()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        CreatedContainer created = await host.CreateAsync(["sh", "-c", "exit 3"], host: static settings => settings with { AutoRemove = true, Binds = ["/vol"] });

        Task<ContainerExit> removed = host.Engine.WaitAsync(created.Id, WaitCondition.Removed, Token);
        await host.Engine.StartAsync(created.Id, Token);

        Assert.Equal(3, (await removed.WaitAsync(TimeSpan.FromSeconds(30), Token)).Code);
        Assert.Null(await host.Engine.FindAsync(created.Id, Token));
        Assert.Empty(await host.Volumes.ListAsync(Token));
        await host.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_terminal_has_its_size_and_its_detach_keys()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        CreatedContainer created = await host.CreateAsync(
            ["sh", "-c", "stty size; exec cat"],
            static config => config with { Tty = true, OpenStdin = true, StdinOnce = true },
            static settings => settings with { ConsoleSize = [33, 77] });
        var pipe = new System.IO.Pipelines.Pipe();
        var client = new Streams.RecordingClient(pipe.Reader.AsStream()) { Until = static text => text.Contains("33 77\r\n", StringComparison.Ordinal) };

        Task session = host.Engine.AttachAsync(
            created.Id, new AttachOptions { Stream = true, Stdin = true, Stdout = true, Stderr = true }, client, ready: null, Token);
        await host.Engine.StartAsync(created.Id, Token);
        await client.Reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        await host.Engine.ResizeAsync(created.Id, 40, 100, Token);
        await pipe.Writer.WriteAsync(new byte[] { 16, 17 }, Token);
        await session.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Equal(ContainerStatus.Running, (await host.Engine.GetAsync(created.Id, Token)).State.Status);
        (int code, _, _) = await host.ExecAsync(created.Id, ["sh", "-c", "while test \"$(stty size < /dev/console)\" != '40 100'; do :; done"]);
        Assert.Equal(0, code);
        await host.Engine.KillAsync(created.Id, null, Token);
    }

    [Fact]
    public async Task Logs_are_kept_and_followed_to_the_end()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        CreatedContainer created = await host.CreateAsync(["sh", "-c", "echo one; echo two >&2; sleep 0.3; printf three"]);
        await host.Engine.StartAsync(created.Id, Token);

        var follower = new EngineHost.Collector(null);
        await host.Engine.LogsAsync(created.Id, new LogOptions { Follow = true }, follower, Token).WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Equal("one\nthree", follower.Output);
        Assert.Equal("two\n", follower.Errors);
        var stamped = new EngineHost.Collector(null);
        await host.Engine.LogsAsync(created.Id, new LogOptions { Tail = 1, Timestamps = true }, stamped, Token);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z three$", stamped.Output);
    }

    [Fact]
    public async Task Many_containers_run_at_once_and_leave_nothing()
    {
        await using EngineHost host = await EngineHost.StartAsync();

        RunResult[] results = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => host.RunAsync(["sh", "-c", $"echo {n}; exit {n}"])));

        for (int n = 0; n < results.Length; n++)
        {
            Assert.Equal(n, results[n].Code);
            Assert.Equal($"{n}\n", results[n].Output);
        }

        await host.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task The_image_is_not_written_and_containers_do_not_see_each_other()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        RunResult first = await host.RunAsync(["sh", "-c", "echo changed > /data/from-image; echo new > /data/new; rm /etc/text; ls /"]);

        RunResult second = await host.RunAsync(["cat", "/data/from-image", "/etc/text"]);

        Assert.Equal("image content\nno program\n", second.Output);
        Assert.Equal(
            ["Modified /data", "Modified /data/from-image", "Added /data/new", "Modified /etc", "Deleted /etc/text"],
            (await host.Engine.ChangesAsync(first.Id, Token)).Select(static change => $"{change.Kind} {change.Path}"));
        Assert.Empty(await host.Engine.ChangesAsync(second.Id, Token));
    }

    [Fact]
    public async Task Names_are_kept_apart_and_can_be_changed()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        CreatedContainer first = await host.CreateAsync(["true"], name: "first");

        StrakeException taken = await Assert.ThrowsAsync<StrakeException>(() => host.CreateAsync(["true"], name: "/first"));
        await host.Engine.RenameAsync("first", "other", Token);
        CreatedContainer second = await host.CreateAsync(["true"], name: "first");

        Assert.Equal(
            $"Conflict. The container name \"/first\" is already in use by container \"{first.Id}\". You have to remove (or rename) that container to be able to reuse that name.",
            taken.Message);
        Assert.Equal(second.Id, (await host.Engine.GetAsync("/first", Token)).Id);
        Assert.Equal(first.Id, (await host.Engine.GetAsync(first.Id[..10], Token)).Id);
        Assert.Equal("No such container: nobody", (await Assert.ThrowsAsync<StrakeException>(async () => await host.Engine.GetAsync("nobody", Token))).Message);
    }

    [Fact]
    public async Task A_failed_create_leaves_nothing()
    {
        await using EngineHost host = await EngineHost.StartAsync();

        await Assert.ThrowsAsync<StrakeException>(() => host.CreateAsync(["true"], host: static settings => settings with { Binds = ["v:/a", "x y:/b"] }, name: "nn"));
        await host.CreateAsync(["true"], name: "nn");

        Assert.Empty(await host.Volumes.ListAsync(Token));
        await host.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task Environment_user_and_directory_are_as_asked_or_as_the_image_says()
    {
        await using EngineHost host = await EngineHost.StartAsync();

        RunResult root = await host.RunAsync(["sh", "-c", "id; pwd; env | sort"], static config => config with { Env = ["A=b"], Hostname = "box" });
        RunResult jane = await host.RunAsync(["sh", "-c", "id; pwd; echo $HOME"], static config => config with { User = "jane", WorkingDir = "/made/for it" });

        Assert.Contains("uid=0(root) gid=0(root) groups=10(wheel)", root.Output, StringComparison.Ordinal);
        Assert.Contains("A=b\n", root.Output, StringComparison.Ordinal);
        Assert.Contains("HOSTNAME=box\n", root.Output, StringComparison.Ordinal);
        Assert.Contains("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n", root.Output, StringComparison.Ordinal);
        Assert.Equal("uid=1000(jane) gid=1000(jane) groups=10(wheel),100(users)\n/made/for it\n/home/jane\n", jane.Output);
    }

    [Fact]
    public async Task Several_clients_see_the_same_output()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        CreatedContainer created = await host.CreateAsync(["sh", "-c", "echo hello"]);
        EngineHost.Collector[] clients = [new(null), new(null), new(null)];

        Task[] sessions = [.. clients.Select(client => host.Engine.AttachAsync(created.Id, new AttachOptions { Stream = true, Stdout = true }, client, null, Token))];
        await host.Engine.StartAsync(created.Id, Token);
        await Task.WhenAll(sessions).WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.All(clients, static client => Assert.Equal("hello\n", client.Output));
    }

    [Fact]
    public async Task Output_that_is_no_text_passes_unchanged()
    {
        await using EngineHost host = await EngineHost.StartAsync();

        RunResult result = await host.RunAsync(["printf", "\\000\\377a\\n\\n\\r"]);
        var log = new EngineHost.Collector(null);
        await host.Engine.LogsAsync(result.Id, new LogOptions(), log, Token);

        Assert.Equal(Encoding.UTF8.GetString([0, 0xff, (byte)'a', 10, 10, 13]), result.Output);
        Assert.Equal(result.Output, log.Output);
    }
}
