using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Containers;

/// <summary>`-t`: a terminal at the client's side, one in the container.</summary>
public sealed class TerminalTests(LoadedEngine loaded) : EngineTests(loaded)
{
    [Fact]
    public async Task The_container_has_a_terminal_as_large_as_the_client_s()
    {
        var seen = await InTerminalAsync("docker run --rm -it --network none busybox sh -c 'tty; until [ \"$(stty size)\" = \"33 77\" ]; do sleep 0.1; done; stty size'", rows: 33, columns: 77);
        Assert.Equal(["/dev/pts/0", "33 77"], seen.Lines);
    }

    [Fact]
    public async Task Lines_end_as_on_a_terminal()
    {
        var seen = await InTerminalAsync("docker run --rm -it --network none busybox echo hello");
        Assert.Contains("hello\r\n", seen.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resize_of_the_client_s_terminal_reaches_the_container()
    {
        // SIGWINCH is what a window that changes sends: the client then asks for its size anew. A client that does not listen yet, though its
        // container runs already, misses it: the window changes until the container has seen one.
        var name = Engine.NewContainer();
        var inside = "trap 'stty size' WINCH; echo ready; until stty size | grep -q '44 99'; do sleep 0.1; done";
        var seen = await InTerminalAsync(
            $"""
            (until docker logs {name} 2>/dev/null | grep -q ready; do sleep 0.1; done; stty rows 44 </dev/tty
            while docker inspect {name} >/dev/null 2>&1; do stty cols 98 </dev/tty; stty cols 99 </dev/tty; sleep 0.1; done) &
            docker run --rm -it --name {name} --network none busybox sh -c "{inside}"
            """,
            rows: 20, columns: 60);
        Assert.Contains("44 99", seen.Lines);
    }

    [Fact]
    public async Task An_exec_has_a_terminal_of_its_own()
    {
        var name = await SleeperAsync();
        var seen = await InTerminalAsync($"docker exec -it {name} sh -c 'tty; until [ \"$(stty size 2>/dev/null)\" = \"31 71\" ]; do sleep 0.1; done; stty size; exit 6'", rows: 31, columns: 71);
        Assert.Equal(["/dev/pts/0", "31 71"], seen.Lines);
        Assert.Equal(6, seen.Code);
    }

    [Fact]
    public async Task Exit_code_and_TERM_come_through_a_terminal()
    {
        var seen = await InTerminalAsync("docker run --rm -it --network none busybox sh -c 'echo $TERM; exit 5'");
        Assert.Equal((5, "xterm"), (seen.Code, seen.Lines[^1]));
    }

    [Fact]
    public async Task The_detach_keys_leave_the_container_running()
    {
        var name = Engine.NewContainer();
        using var client = Command.Start(
            "script", ["-qec", $"docker run -it --name {name} --network none busybox sh -c 'echo ready; sleep 1000'", "/dev/null"], Docker.Environment);
        Assert.Equal("ready", (await client.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))?.TrimEnd('\r'));
        await client.StandardInput.BaseStream.WriteAsync(new byte[] { 0x10, 0x11 }, TestContext.Current.CancellationToken);   // ctrl-p ctrl-q
        await client.StandardInput.BaseStream.FlushAsync(TestContext.Current.CancellationToken);
        await client.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal("running", await Docker.ValueAsync(name, "{{.State.Status}}"));
    }

    [Fact]
    public async Task Without_a_terminal_at_the_client_t_with_i_is_refused() =>
        Assert.Contains("not a TTY", (await Docker.RunAsync(["run", "--rm", "-it", "--network", "none", "busybox", "true"], "x"u8.ToArray())).Error, StringComparison.OrdinalIgnoreCase);

    // `script` gives the command a terminal; its own is none here, so the size is set inside.
    Task<CommandResult> InTerminalAsync(string line, int rows = 24, int columns = 80) =>
        Command.RunAsync("script", ["-qec", $"stty rows {rows} cols {columns}; export TERM=xterm; {line}", "/dev/null"], Docker.Environment, holdInput: true);
}
