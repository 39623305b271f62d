using Strake.Linux;

namespace Strake.Containers.Tests.Engine;

public sealed class RecoveryTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task A_running_container_is_taken_over(string runtime)
    {
        await using EngineHost host = await EngineHost.StartAsync(runtime);
        string id = await host.StartDetachedAsync(["sh", "-c", "trap 'exit 4' TERM; echo up; while :; do sleep 0.05; done"], name: "kept");
        int pid = (await host.Engine.GetAsync(id, Token)).State.Pid;

        await host.RestartAsync();

        Assert.Equal(pid, (await host.Engine.GetAsync("kept", Token)).State.Pid);
        Assert.Equal((0, "in\n", ""), await host.ExecAsync(id, ["echo", "in"]));
        var client = new EngineHost.Collector(null);
        Task session = host.Engine.AttachAsync(id, new AttachOptions { Stream = true, Stdout = true }, client, null, Token);
        await host.Engine.StopAsync(id, null, TimeSpan.FromSeconds(30), Token);
        await session.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(4, (await host.Engine.GetAsync(id, Token)).State.ExitCode);
        Assert.Empty(await host.Engine.CheckAsync(Token));
        await host.Engine.StartAsync(id, Token);
        await host.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task An_end_that_came_meanwhile_is_found()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string id = await host.StartDetachedAsync(["sh", "-c", "sleep 0.2; exit 6"]);
        await host.CloseAsync();
        string exit = $"{host.ExecRoot}/exits/{id}";
        using (var inotify = new Inotify())
        {
            inotify.Watch(Path.GetDirectoryName(exit)!, InotifyEvents.MovedTo);
            while (!File.Exists(exit))
                await inotify.ReadAsync(Token);
        }

        await host.OpenAsync();

        Container container = await host.Engine.GetAsync(id, Token);
        Assert.Equal((ContainerStatus.Exited, 6), (container.State.Status, container.State.ExitCode));
        Assert.Empty(await host.Engine.CheckAsync(Token));
        await host.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task What_no_record_names_and_cannot_be_removed_stops_no_start()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        await host.CloseAsync();
        string stray = Directory.CreateDirectory($"{host.DataRoot}/containers/{new string('a', 64)}/mounted").FullName;
        using (new Mount("tmpfs", "tmpfs", stray).Attach())
        {
            await host.OpenAsync();
            Assert.True(Directory.Exists(stray));
        }

        await host.RestartAsync();
        Assert.False(Directory.Exists(stray));
        await host.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_container_that_died_with_the_machine_is_marked()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string id = await host.StartDetachedAsync(["sleep", "60"]);
        int pid = (await host.Engine.GetAsync(id, Token)).State.Pid;
        await host.CloseAsync();
        await EndOfMachineAsync(host, pid);

        await host.OpenAsync();

        Container container = await host.Engine.GetAsync(id, Token);
        Assert.Equal((ContainerStatus.Exited, 255), (container.State.Status, container.State.ExitCode));
        await host.Engine.StartAsync(id, Token);
        await host.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData("always", true)]
    [InlineData("unless-stopped", true)]
    [InlineData("no", false)]
    public async Task Policies_start_containers_with_the_engine(string policy, bool starts)
    {
        await using EngineHost host = await EngineHost.StartAsync();
        string id = await host.StartDetachedAsync(["sleep", "60"], host: settings => settings with { RestartPolicy = new RestartPolicy(policy) });
        int pid = (await host.Engine.GetAsync(id, Token)).State.Pid;
        await host.CloseAsync();
        await EndOfMachineAsync(host, pid);
        host.Events.Clear();

        await host.OpenAsync();

        if (starts)
        {
            while (!host.Events.Any(static told => told.Action == "start"))
                await Task.Yield();
        }

        Assert.Equal(starts, (await host.Engine.GetAsync(id, Token)).State.IsRunning);
    }

    [Fact]
    public async Task What_no_record_names_is_removed()
    {
        await using EngineHost host = await EngineHost.StartAsync();
        await host.CloseAsync();
        Directory.CreateDirectory($"{host.DataRoot}/containers/{new string('a', 64)}");
        Directory.CreateDirectory($"{host.ExecRoot}/containers/{new string('b', 64)}/rootfs");
        Directory.CreateDirectory($"{host.ExecRoot}/runtime/{new string('c', 64)}");

        await host.OpenAsync();

        await host.AssertNothingIsLeftAsync();
    }

    static async Task EndOfMachineAsync(EngineHost host, int pid)
    {
        int conmon = Strake.Containers.Engine.RunningProcess.ConmonOf(pid);
        Task conmonEnd = Strake.Containers.Engine.RunningProcess.EndOfAsync(conmon);
        Task end = Strake.Containers.Engine.RunningProcess.EndOfAsync(pid);
        Syscall.Kill(conmon, Signal.SIGKILL);
        Syscall.Kill(pid, Signal.SIGKILL);
        await Task.WhenAll(conmonEnd, end);
        TreeRemoval.Remove(host.ExecRoot, CancellationToken.None);
    }
}
