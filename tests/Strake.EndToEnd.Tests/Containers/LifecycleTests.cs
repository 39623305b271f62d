using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Containers;

/// <summary>start, stop, kill, restart, pause, rename, wait, rm: what each leaves a container in.</summary>
public sealed class LifecycleTests(LoadedEngine loaded) : EngineTests(loaded)
{
    const string State = "{{.State.Status}} {{.State.ExitCode}}";

    [Fact]
    public async Task Stop_sends_TERM_and_the_container_may_end_in_its_own_way()
    {
        var name = await SleeperAsync();
        await Docker.OkAsync("stop", name);
        Assert.Equal("exited 0", await Docker.ValueAsync(name, State));
    }

    [Fact]
    public async Task Stop_kills_what_does_not_end_in_time()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("run", "-d", "--name", name, "--network", "none", "busybox", "sh", "-c", "trap '' TERM; while :; do sleep 1; done");
        await HandlesAsync(name, Term);
        await Docker.OkAsync("stop", "-t", "1", name);
        Assert.Equal("exited 137", await Docker.ValueAsync(name, State));
    }

    [Fact]
    public async Task Stop_sends_the_signal_that_was_chosen()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("run", "-d", "--name", name, "--network", "none", "--stop-signal", "USR1", "busybox", "sh", "-c", "trap 'exit 21' USR1; sleep 1000 & wait");
        await HandlesAsync(name, signal: 10);
        await Docker.OkAsync("stop", name);
        Assert.Equal("exited 21", await Docker.ValueAsync(name, State));
    }

    [Fact]
    public async Task A_disk_that_a_container_has_nothing_to_do_with_can_be_taken_away_while_it_runs()
    {
        Assert.SkipUnless(Engine.IsStrake, "other engines have it depend on the host's propagation");
        await using var root = await TestRoot.CreateAsync();
        string name;
        await using (await SmallDisk.MakeAsync(root, sizeMiB: 16))
        {
            name = await SleeperAsync();
            await Docker.OkAsync("exec", "-d", name, "sleep", "1000");
        }   // Fails where the disk stays in use.

        Assert.Equal("running 0", await Docker.ValueAsync(name, State));
    }

    [Fact]
    public async Task Stopping_twice_is_harmless()
    {
        var name = await SleeperAsync();
        await Docker.OkAsync("stop", name);
        await Docker.OkAsync("stop", name);
    }

    [Fact]
    public async Task Kill_ends_with_137_and_with_a_signal_as_asked()
    {
        var name = await SleeperAsync();
        await Docker.OkAsync("kill", name);
        await Docker.OkAsync("wait", name);
        Assert.Equal("exited 137", await Docker.ValueAsync(name, State));

        var second = await SleeperAsync();
        await Docker.OkAsync("kill", "-s", "TERM", second);
        Assert.Equal("0", await Docker.OkAsync("wait", second));
    }

    [Fact]
    public async Task Kill_of_what_does_not_run_is_refused()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("create", "--name", name, "--network", "none", "busybox");
        Assert.Contains("is not running", await Docker.RefusedAsync("kill", name), StringComparison.Ordinal);
        Assert.Equal(409, (await Engine.Http.PostAsync($"/containers/{name}/kill")).Status);
    }

    [Fact]
    public async Task An_unknown_signal_is_refused()
    {
        var name = await SleeperAsync();
        Assert.Contains("nvalid signal", await Docker.RefusedAsync("kill", "-s", "NOSUCH", name), StringComparison.Ordinal);
        Assert.Equal("running 0", await Docker.ValueAsync(name, State));
    }

    [Fact]
    public async Task Restart_starts_anew_on_the_same_writable_layer()
    {
        var name = await SleeperAsync();
        await Docker.OkAsync("exec", name, "touch", "/kept");
        var pid = await Docker.ValueAsync(name, "{{.State.Pid}}");
        await Docker.OkAsync("restart", name);
        Assert.Equal("running 0", await Docker.ValueAsync(name, State));
        Assert.NotEqual(pid, await Docker.ValueAsync(name, "{{.State.Pid}}"));
        await Docker.OkAsync("exec", name, "test", "-e", "/kept");
    }

    [Fact]
    public async Task Starting_what_runs_is_harmless()
    {
        var name = await SleeperAsync();
        var pid = await Docker.ValueAsync(name, "{{.State.Pid}}");
        await Docker.OkAsync("start", name);
        Assert.Equal(pid, await Docker.ValueAsync(name, "{{.State.Pid}}"));
        Assert.Equal(304, (await Engine.Http.PostAsync($"/containers/{name}/start")).Status);
    }

    [Fact]
    public async Task Wait_gives_the_exit_code_of_one_that_runs_and_of_one_that_ended()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("run", "-d", "--name", name, "--network", "none", "busybox", "sh", "-c", "sleep 0.5; exit 8");
        Assert.Equal("8", await Docker.OkAsync("wait", name));
        Assert.Equal("8", await Docker.OkAsync("wait", name));
    }

    [Fact]
    public async Task A_paused_container_stands_still()
    {
        var name = await SleeperAsync();
        await Docker.OkAsync("pause", name);
        Assert.Equal("paused 0", await Docker.ValueAsync(name, State));
        Assert.Contains("is already paused", await Docker.RefusedAsync("pause", name), StringComparison.Ordinal);
        await Docker.OkAsync("unpause", name);
        Assert.Equal("running 0", await Docker.ValueAsync(name, State));
    }

    [Fact]
    public async Task Rename_changes_the_name_alone()
    {
        var name = await SleeperAsync();
        var other = Engine.NewContainer();
        var id = await Docker.ValueAsync(name, "{{.Id}}");
        await Docker.OkAsync("rename", name, other);
        Assert.Equal(id, await Docker.ValueAsync(other, "{{.Id}}"));
        await Docker.RefusedAsync("inspect", name);
    }

    [Fact]
    public async Task A_running_container_is_removed_by_force_only()
    {
        var name = await SleeperAsync();
        Assert.Contains("container is running", await Docker.RefusedAsync("rm", name), StringComparison.Ordinal);
        Assert.Equal(409, (await Engine.Http.DeleteAsync($"/containers/{name}")).Status);
        await Docker.OkAsync("rm", "-f", name);
        Assert.Equal(404, (await Engine.Http.GetAsync($"/containers/{name}/json")).Status);
    }

    [Fact]
    public async Task Removing_one_that_is_not_there_is_an_error_even_by_force_of_the_api()
    {
        Assert.Contains("No such container: missing", await Docker.RefusedAsync("rm", "missing"), StringComparison.Ordinal);
        Assert.Equal(404, (await Engine.Http.DeleteAsync("/containers/missing")).Status);
    }

    [Fact]
    public async Task A_restart_policy_starts_it_again()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("run", "-d", "--restart", "on-failure:2", "--name", name, "--network", "none", "busybox", "sh", "-c", "exit 3");
        await Until.TrueAsync(async () => await Docker.ValueAsync(name, State + " {{.RestartCount}}") == "exited 3 2", "it was started twice more and then left");
    }

    [Fact]
    public async Task Prune_removes_the_stopped_ones_and_no_others()
    {
        await using var engine = await Engine.StartAsync();
        var docker = engine.Docker;
        await docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        var (stopped, running) = (engine.NewContainer(), engine.NewContainer());
        var id = await docker.OkAsync("create", "--name", stopped, "--network", "none", "busybox");
        await docker.OkAsync("run", "-d", "--name", running, "--network", "none", "busybox", "sleep", "1000");
        Assert.Contains(id, await docker.OkAsync("container", "prune", "-f"), StringComparison.Ordinal);
        await docker.RefusedAsync("inspect", stopped);
        await docker.OkAsync("inspect", running);
    }

    [Fact]
    public async Task Top_shows_the_processes()
    {
        var name = await SleeperAsync();
        Assert.Contains("sleep 1000", await Docker.OkAsync("top", name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_containers_at_once_all_run_and_go()
    {
        var names = Enumerable.Range(0, 12).Select(_ => Engine.NewContainer()).ToArray();
        var runs = await Task.WhenAll(names.Select(name => Docker.RunAsync("run", "-d", "--name", name, "--network", "none", "busybox", "sleep", "1000")));
        Assert.All(runs, run => run.Ok());
        await Docker.OkAsync(["rm", "-f", .. names]);
        foreach (var name in names) await Docker.RefusedAsync("inspect", name);
    }
}
