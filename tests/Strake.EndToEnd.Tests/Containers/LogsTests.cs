using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Containers;

/// <summary>`docker logs`.</summary>
public sealed class LogsTests(LoadedEngine loaded) : EngineTests(loaded)
{
    [Fact]
    public async Task What_a_container_printed_can_be_read_after_its_end()
    {
        var name = await RunAsync("echo out; echo err >&2");
        var logs = await Docker.RunAsync("logs", name);
        Assert.Equal(("out\n", "err\n"), (logs.Output, logs.Error));
    }

    [Fact]
    public async Task Tail_gives_the_last_lines()
    {
        var name = await RunAsync("seq 1 20");
        Assert.Equal("18\n19\n20", await Docker.OkAsync("logs", "--tail", "3", name));
        Assert.Empty(await Docker.OkAsync("logs", "--tail", "0", name));
        Assert.Equal(20, (await Docker.RunAsync("logs", "--tail", "all", name)).Lines.Length);
        Assert.Equal(20, (await Docker.RunAsync("logs", "-n", "100", name)).Lines.Length);
    }

    [Fact]
    public async Task Timestamps_are_those_of_the_lines()
    {
        var name = await RunAsync("echo line");
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z line$", await Docker.OkAsync("logs", "-t", name));
    }

    [Fact]
    public async Task Since_and_until_choose_by_time()
    {
        var name = await RunAsync("echo first; sleep 2; echo second");
        var lines = (await Docker.RunAsync("logs", "-t", name)).Lines;
        var between = DateTimeOffset.Parse(lines[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture).AddSeconds(-1).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal("second", await Docker.OkAsync("logs", "--since", between, name));
        Assert.Equal("first", await Docker.OkAsync("logs", "--until", between, name));
    }

    [Fact]
    public async Task Follow_ends_with_the_container()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("run", "-d", "--name", name, "--network", "none", "busybox", "sh", "-c", "for i in 1 2 3; do echo $i; sleep 0.3; done");
        Assert.Equal("1\n2\n3", await Docker.OkAsync("logs", "-f", name));
    }

    [Fact]
    public async Task Follow_of_a_stopped_container_ends_at_once()
    {
        var name = await RunAsync("echo done");
        Assert.Equal("done", await Docker.OkAsync("logs", "-f", name));
    }

    [Fact]
    public async Task A_line_without_an_end_and_an_empty_line_are_kept()
    {
        var name = await RunAsync("echo; printf 'no end'");
        Assert.Equal("\nno end", (await Docker.RunAsync("logs", name)).Output);
    }

    [Fact]
    public async Task A_line_longer_than_the_log_s_pieces_stays_one()
    {
        var name = await RunAsync("head -c 100000 /dev/zero | tr '\\0' x; echo");
        Assert.Equal(new string('x', 100000) + "\n", (await Docker.RunAsync("logs", name)).Output);
    }

    [Fact]
    public async Task A_long_line_counts_as_one_for_tail()
    {
        StrakeOnly("its tail counts the pieces of 16 KiB that it cut the line into");
        var name = await RunAsync("echo first; head -c 100000 /dev/zero | tr '\\0' x; echo");
        Assert.Equal(100000, (await Docker.OkAsync("logs", "--tail", "1", name)).Length);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_kept()
    {
        StrakeOnly("its log is JSON, in which such bytes become U+FFFD");
        var name = await RunAsync("printf 'a\\000\\377b\\n'");
        Assert.Equal("61 00 ff 62 0a", (await Engine.ShellAsync($"docker logs {name} | od -An -tx1")).Ok().Trim());
    }

    [Fact]
    public async Task A_second_run_adds_to_the_log()
    {
        var name = await RunAsync("echo again");
        await Docker.OkAsync("start", "-a", name);
        Assert.Equal("again\nagain", await Docker.OkAsync("logs", name));
    }

    [Fact]
    public async Task Of_a_terminal_the_log_has_the_line_ends()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("run", "-t", "--name", name, "--network", "none", "busybox", "echo", "hello");
        Assert.Equal("hello\r\n", (await Docker.RunAsync("logs", name)).Output);
    }

    [Fact]
    public async Task Of_an_unknown_container_there_are_none() =>
        Assert.Contains("No such container: missing", await Docker.RefusedAsync("logs", "missing"), StringComparison.Ordinal);

    async Task<string> RunAsync(string line)
    {
        var name = Engine.NewContainer();
        (await Docker.RunAsync("run", "--name", name, "--network", "none", "busybox", "sh", "-c", line)).Ok();
        return name;
    }
}
