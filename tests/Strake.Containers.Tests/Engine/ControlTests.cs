namespace Strake.Containers.Tests.Engine;

public sealed class ControlTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static readonly string[] Stubborn = ["sh", "-c", "trap '' TERM; while :; do sleep 0.05; done"];

    static readonly string[] Polite = ["sh", "-c", "trap 'exit 9' TERM; while :; do sleep 0.05; done"];

    [Fact]
    public async Task A_polite_process_ends_at_the_stop_signal()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string id = await host.StartDetachedAsync([.. Polite[..2], "echo; " + Polite[2]]);
        await WaitForOutputAsync(host, id);

        await host.Engine.StopAsync(id, signal: null, TimeSpan.FromSeconds(30), Token);

        Assert.Equal(9, (await host.Engine.GetAsync(id, Token)).State.ExitCode);
        Assert.Equal(ErrorKind.NotModified, (await Assert.ThrowsAsync<StrakeException>(() => host.Engine.StopAsync(id, null, null, Token))).Kind);
    }

    [Fact]
    public async Task A_stubborn_process_is_killed_when_its_time_is_over()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string id = await host.StartDetachedAsync([.. Stubborn[..2], "echo; " + Stubborn[2]]);
        await WaitForOutputAsync(host, id);

        await host.Engine.StopAsync(id, signal: null, TimeSpan.FromMilliseconds(100), Token);

        Assert.Equal(137, (await host.Engine.GetAsync(id, Token)).State.ExitCode);
        await host.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task Start_stop_restart_and_kill_follow_one_another()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string id = await host.StartDetachedAsync(["sleep", "60"]);

        Assert.Equal(ErrorKind.NotModified, (await Assert.ThrowsAsync<StrakeException>(() => host.Engine.StartAsync(id, Token))).Kind);
        await host.Engine.RestartAsync(id, signal: null, TimeSpan.Zero, Token);
        await host.Engine.RestartAsync(id, signal: null, TimeSpan.Zero, Token);
        await host.Engine.KillAsync(id, "KILL", Token);
        Assert.Equal(137, (await host.Engine.GetAsync(id, Token)).State.ExitCode);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<StrakeException>(() => host.Engine.KillAsync(id, null, Token))).Kind);
        await host.Engine.StartAsync(id, Token);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<StrakeException>(() => host.Engine.RemoveAsync(id, new RemoveOptions(), Token))).Kind);
        await host.Engine.RemoveAsync(id, new RemoveOptions(Force: true), Token);
        await host.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task A_paused_container_stands_still_and_goes_on(string runtime)
    {
        await using EngineHost host = await EngineHost.StartAsync(runtime);
        string id = await host.StartDetachedAsync(["sleep", "60"]);

        await host.Engine.PauseAsync(id, Token);
        Assert.Equal(ContainerStatus.Paused, (await host.Engine.GetAsync(id, Token)).State.Status);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<StrakeException>(() => host.ExecAsync(id, ["true"]))).Kind);
        await host.Engine.UnpauseAsync(id, Token);
        Assert.Equal(0, (await host.ExecAsync(id, ["true"])).Code);
        await host.Engine.PauseAsync(id, Token);
        await host.Engine.RemoveAsync(id, new RemoveOptions(Force: true), Token);
        await host.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_failing_container_is_restarted_as_often_as_its_policy_says()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        CreatedContainer created = await host.CreateAsync(
            ["sh", "-c", "echo run; exit 1"], host: static settings => settings with { RestartPolicy = new RestartPolicy("on-failure", 2) });
        await host.Engine.StartAsync(created.Id, Token);

        await host.Engine.WaitAsync(created.Id, WaitCondition.NotRunning, Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
        while ((await host.Engine.GetAsync(created.Id, Token)) is { State.Status: not ContainerStatus.Exited } or { RestartCount: < 2 })
            await host.Engine.WaitAsync(created.Id, WaitCondition.NextExit, Token).WaitAsync(TimeSpan.FromSeconds(30), Token);

        var log = new EngineHost.Collector(null);
        await host.Engine.LogsAsync(created.Id, new LogOptions(), log, Token);
        Assert.Equal("run\nrun\nrun\n", log.Output);
        Assert.Equal(2, (await host.Engine.GetAsync(created.Id, Token)).RestartCount);
    }

    [Fact]
    public async Task Events_tell_a_containers_life()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        RunResult run = await host.RunAsync(["true"]);
        await host.Engine.RemoveAsync(run.Id, new RemoveOptions(), Token);

        Assert.Equal(["create", "attach", "start", "die", "destroy"], host.Events.Select(static told => told.Action));
    }

    [Fact]
    public async Task A_killed_conmon_ends_its_container()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string id = await host.StartDetachedAsync(["sleep", "60"]);
        int pid = (await host.Engine.GetAsync(id, Token)).State.Pid;
        Task<ContainerExit> exit = host.Engine.WaitAsync(id, WaitCondition.NotRunning, Token);

        Linux.Syscall.Kill(Strake.Containers.Engine.RunningProcess.ConmonOf(pid), Linux.Signal.SIGKILL);

        Assert.Equal(137, (await exit.WaitAsync(TimeSpan.FromSeconds(30), Token)).Code);
        await host.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task The_processes_of_a_container_are_listed()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string id = await host.StartDetachedAsync(["sleep", "61"]);

        TopListing top = await host.Engine.TopAsync(id, psArgs: null, Token);

        Assert.Equal("CMD", top.Titles[^1]);
        Assert.Equal(["sleep 61"], top.Processes.Select(static row => row[^1]));
    }

    static Task WaitForOutputAsync(EngineHost host, string id)
    {
        var client = new Streams.RecordingClient { Until = static text => text.Length > 0 };
        _ = host.Engine.LogsAsync(id, new LogOptions { Follow = true }, client, Token);
        return client.Reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
    }
}
