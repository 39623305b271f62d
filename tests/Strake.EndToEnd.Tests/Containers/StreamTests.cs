using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Containers;

/// <summary>Standard streams through the client: half-closed, large, attached late.</summary>
public sealed class StreamTests(LoadedEngine loaded) : EngineTests(loaded)
{
    [Fact]
    public async Task Input_reaches_the_container_and_its_end_too() =>
        Assert.Equal("5", (await Docker.RunAsync(["run", "--rm", "-i", "--network", "none", "busybox", "wc", "-c"], "12345"u8.ToArray())).Ok());

    [Fact]
    public async Task Output_goes_on_after_the_input_has_ended() =>
        Assert.Equal(
            "read in\nlate",
            (await Docker.RunAsync(["run", "--rm", "-i", "--network", "none", "busybox", "sh", "-c", "echo read $(cat); sleep 1; echo late"], "in"u8.ToArray())).Ok());

    [Fact]
    public async Task Without_i_the_container_has_no_input() =>
        Assert.Equal("0", (await Docker.RunAsync(["run", "--rm", "--network", "none", "busybox", "wc", "-c"], "12345"u8.ToArray())).Ok());

    [Fact]
    public async Task Much_output_arrives_whole() =>
        Assert.Equal("67108864", (await Engine.ShellAsync("docker run --rm --network none busybox head -c 67108864 /dev/zero | wc -c")).Ok());

    [Fact]
    public async Task Much_input_arrives_whole() =>
        Assert.Equal("67108864", (await Engine.ShellAsync("head -c 67108864 /dev/zero | docker run --rm -i --network none busybox wc -c")).Ok());

    [Fact]
    public async Task Bytes_pass_unchanged_both_ways()
    {
        var line = "head -c 3000000 /dev/urandom >'F'; sha256sum <'F'; docker run --rm -i --network none busybox cat <'F' | sha256sum".Replace("F", Engine.NewPath(), StringComparison.Ordinal);
        var sums = (await Engine.ShellAsync(line)).Lines;
        Assert.Equal(sums[0], sums[1]);
    }

    [Fact]
    public async Task A_quick_command_never_loses_its_output()
    {
        // The race between the end of the process and the end of its output shows once in many runs.
        var seen = (await Engine.ShellAsync("for i in $(seq 25); do docker run --rm --network none busybox echo $i; done")).Lines;
        Assert.Equal(Enumerable.Range(1, 25).Select(i => $"{i}"), seen);
    }

    [Fact]
    public async Task Attach_shows_what_comes_and_takes_the_exit_code()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("run", "-d", "-i", "--name", name, "--network", "none", "busybox", "sh", "-c", "read line; echo got $line; exit 4");
        // The input stays open: where it is not the container's only one, its end ends the whole attachment.
        var attached = await Engine.ShellAsync($"(echo word; sleep 1) | docker attach {name}");
        Assert.Equal((4, "got word"), (attached.Code, attached.Text));
    }

    [Fact]
    public async Task Attach_to_a_container_that_does_not_run_is_refused()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("create", "--name", name, "--network", "none", "busybox");
        Assert.Contains("cannot attach to a stopped container", await Docker.RefusedAsync("attach", name), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Two_clients_attached_at_once_both_see_the_output()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("run", "-d", "-i", "--name", name, "--network", "none", "busybox", "sh", "-c", "read line; echo got $line; sleep 1");
        using var second = Command.Start("docker", ["attach", "--no-stdin", name], Docker.Environment);
        // The second must be there before the line is sent; the engine does not say so, and the client prints nothing.
        var first = await Engine.ShellAsync($"(sleep 1; echo word; sleep 1) | docker attach {name}");
        Assert.Equal("got word", first.Ok());
        Assert.Equal("got word\n", await second.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Start_attached_gives_output_and_exit_code()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("create", "--name", name, "--network", "none", "busybox", "sh", "-c", "echo once; exit 3");
        for (var round = 0; round < 2; round++)
        {
            var started = await Docker.RunAsync("start", "-a", name);
            Assert.Equal((3, "once"), (started.Code, started.Text));
        }
    }

    [Fact]
    public async Task Start_interactive_passes_input()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("create", "-i", "--name", name, "--network", "none", "busybox", "cat");
        Assert.Equal("through", (await Docker.RunAsync(["start", "-ai", name], "through"u8.ToArray())).Ok());
    }

    [Fact]
    public async Task A_client_that_dies_does_not_stop_the_container()
    {
        var name = Engine.NewContainer();
        using (var client = Command.Start("docker", ["run", "--sig-proxy=false", "--name", name, "--network", "none", "busybox", "sh", "-c", "while :; do echo x; sleep 0.1; done"], Docker.Environment))
        {
            await client.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            client.Kill();
        }
        Assert.Equal("running", await Docker.ValueAsync(name, "{{.State.Status}}"));
    }

    [Fact]
    public async Task A_signal_to_the_client_reaches_the_container()
    {
        var name = Engine.NewContainer();
        using var client = Command.Start("docker", ["run", "--name", name, "--network", "none", "busybox", "sh", "-c", "trap 'echo caught; exit 9' TERM; echo ready; sleep 1000 & wait"], Docker.Environment);
        Assert.Equal("ready", await client.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        (await Command.RunAsync("kill", ["-TERM", $"{client.Id}"])).Ok();
        Assert.Equal("caught", await client.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        await client.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(9, client.ExitCode);
    }
}
