using System.Text;

namespace Strake.Containers.Tests.Engine;

public sealed class ExecTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task An_exec_has_streams_and_an_exit_code(string runtime)
    {
        await using EngineHost host = await EngineHost.StartAsync(runtime);
        string id = await host.StartDetachedAsync(["sleep", "60"]);

        Assert.Equal((5, "out\n", "err\n"), await host.ExecAsync(id, ["sh", "-c", "echo out; echo err >&2; exit 5"]));
        using var input = new MemoryStream(Encoding.ASCII.GetBytes("typed"));
        Assert.Equal((0, "typed", ""), await host.ExecAsync(id, ["cat"], input: input));
        await host.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task A_command_that_is_not_there_is_told_in_the_output(string runtime)
    {
        await using EngineHost host = await EngineHost.StartAsync(runtime);
        string id = await host.StartDetachedAsync(["sleep", "60"]);

        (int code, string output, _) = await host.ExecAsync(id, ["nope"]);

        Assert.Equal(127, code);
        Assert.StartsWith("OCI runtime exec failed: exec failed: unable to start container process: exec: \"nope\": executable file not found in $PATH: unknown", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_directory_and_environment_are_as_asked()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string id = await host.StartDetachedAsync(["sleep", "60"], static config => config with { Env = ["A=1", "B=2"] });

        (_, string output, _) = await host.ExecAsync(
            id, ["sh", "-c", "id -un; pwd; echo $A$B$C"], static request => request with { User = "jane", WorkingDir = "/tmp", Env = ["B=3", "C=4"] });

        Assert.Equal("jane\n/tmp\n134\n", output);
    }

    [Fact]
    public async Task Many_execs_run_at_once()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string id = await host.StartDetachedAsync(["sleep", "60"]);

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => host.ExecAsync(id, ["sh", "-c", $"echo {n}; exit {n}"])));

        Assert.Equal(Enumerable.Range(0, 20).Select(static n => (n, $"{n}\n", "")), results);
        Assert.Empty((await host.Engine.GetAsync(id, Token)).ExecIds);
    }

    [Fact]
    public async Task A_detached_exec_goes_on_by_itself()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string id = await host.StartDetachedAsync(["sleep", "60"]);
        string exec = await host.Engine.CreateExecAsync(id, new ExecRequest { Cmd = ["sh", "-c", "echo here > /tmp/made"] }, Token);

        await host.Engine.StartExecAsync(exec, new ExecStart(Detach: true), client: null, ready: null, Token);

        (int code, string output, _) = await host.ExecAsync(id, ["sh", "-c", "while ! test -s /tmp/made; do :; done; cat /tmp/made"]);
        Assert.Equal((0, "here\n"), (code, output));
    }

    [Fact]
    public async Task A_terminal_exec_is_resized()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string id = await host.StartDetachedAsync(["sleep", "60"]);
        string exec = await host.Engine.CreateExecAsync(
            id, new ExecRequest { Cmd = ["sh", "-c", "while test \"$(stty size)\" != '20 60'; do :; done; stty size; while test \"$(stty size)\" != '50 120'; do :; done; stty size"], Tty = true, AttachStdin = true, AttachStdout = true, ConsoleSize = [20, 60] }, Token);
        // The runtime sets the first size while the process begins already.
        var pipe = new System.IO.Pipelines.Pipe();
        var client = new Streams.RecordingClient(pipe.Reader.AsStream()) { Until = static text => text.Contains("20 60\r\n", StringComparison.Ordinal) };

        Task session = host.Engine.StartExecAsync(exec, new ExecStart(Tty: true), client, ready: null, Token);
        await client.Reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        await host.Engine.ResizeExecAsync(exec, 50, 120, Token);
        await session.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Contains("50 120\r\n", client.Text, StringComparison.Ordinal);
        Assert.Equal(0, host.Engine.GetExec(exec).ExitCode);
    }

    [Theory]
    [InlineData("/proc/self/fd/3")]
    [InlineData("/etc/toproc/3")]
    public async Task A_directory_below_proc_is_refused(string directory)
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string id = await host.StartDetachedAsync(["sleep", "60"]);

        (int code, string output, _) = await host.ExecAsync(id, ["pwd"], request => request with { WorkingDir = directory });

        Assert.NotEqual(0, code);
        Assert.Contains("is invalid", output, StringComparison.Ordinal);
    }
}
