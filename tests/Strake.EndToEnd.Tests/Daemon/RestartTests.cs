using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Daemon;

/// <summary>The daemon goes and comes back; containers, images and volumes do not notice.</summary>
public sealed class RestartTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Running_containers_go_on_and_can_be_attached_stopped_and_removed(bool killed)
    {
        StrakeOnly();
        await using var engine = await StartLoadedAsync();
        var docker = engine.Docker;
        var (name, volume) = (engine.NewContainer(), engine.NewVolume());
        await docker.OkAsync("run", "-d", "-i", "--name", name, "--network", "none", "-v", $"{volume}:/data", "busybox", "sh", "-c", "while read word; do echo got $word; done");
        var pid = await docker.ValueAsync(name, "{{.State.Pid}}");

        await (killed ? engine.KillAsync() : engine.StopAsync());
        Assert.True(Directory.Exists($"/proc/{pid}"));
        await engine.LaunchAsync();

        Assert.Equal($"running {pid}", await docker.ValueAsync(name, "{{.State.Status}} {{.State.Pid}}"));
        Assert.Equal("got one", await engine.AnswerAsync(name, "one"));
        Assert.Equal("inside", await docker.OkAsync("exec", name, "sh", "-c", "echo inside"));
        Assert.Equal("got one", await docker.OkAsync("logs", name));
        await docker.RefusedAsync("volume", "rm", volume);
        await docker.OkAsync("stop", "-t", "1", name);
        await docker.OkAsync("rm", name);
        await docker.OkAsync("volume", "rm", volume);
        (await engine.FsckAsync()).Ok();
    }

    [Fact]
    public async Task A_container_that_ended_meanwhile_is_found_ended_with_its_exit_code_and_output()
    {
        StrakeOnly();
        await using var engine = await StartLoadedAsync();
        var folder = engine.NewFolder();
        var name = engine.NewContainer();
        await engine.Docker.OkAsync("run", "-d", "--name", name, "--network", "none", "-v", $"{folder.There}:/signal", "busybox", "sh", "-c", "until [ -e /signal/end ]; do sleep 0.1; done; echo last words; exit 12");
        var pid = await engine.Docker.ValueAsync(name, "{{.State.Pid}}");
        await engine.KillAsync();
        folder.Write("end", "");
        await Until.TrueAsync(() => !Directory.Exists($"/proc/{pid}"), "the container has ended");
        await engine.LaunchAsync();
        await Until.TrueAsync(async () => await engine.Docker.ValueAsync(name, "{{.State.Status}} {{.State.ExitCode}}") == "exited 12", "the engine knows of the end");
        Assert.Equal("last words", await engine.Docker.OkAsync("logs", name));
    }

    [Fact]
    public async Task Rm_at_its_end_happens_although_the_daemon_was_down()
    {
        StrakeOnly();
        await using var engine = await StartLoadedAsync();
        var folder = engine.NewFolder();
        var name = engine.NewContainer();
        await engine.Docker.OkAsync("run", "-d", "--rm", "--name", name, "--network", "none", "-v", $"{folder.There}:/signal", "busybox", "sh", "-c", "until [ -e /signal/end ]; do sleep 0.1; done");
        var pid = await engine.Docker.ValueAsync(name, "{{.State.Pid}}");
        await engine.KillAsync();
        folder.Write("end", "");
        await Until.TrueAsync(() => !Directory.Exists($"/proc/{pid}"), "the container has ended");
        await engine.LaunchAsync();
        await Until.TrueAsync(async () => (await engine.Docker.RunAsync("inspect", name)).Code != 0, "the container is gone");
        (await engine.FsckAsync()).Ok();
    }

    [Fact]
    public async Task A_data_root_whose_records_are_lost_is_refused_until_they_are_back()
    {
        StrakeOnly();
        await using var engine = await StartLoadedAsync();
        var name = engine.NewContainer();
        await engine.Docker.OkAsync("create", "--name", name, "--network", "none", "busybox", "echo", "still here");
        await engine.StopAsync();
        var records = Path.Combine(engine.DataRoot, "strake.db");
        var saved = engine.NewPath();
        File.Move(records, saved);
        try
        {
            var before = Inventory(engine.DataRoot);
            for (var time = 0; time < 2; time++)
            {
                var refused = await engine.FsckAsync();
                Assert.NotEqual(0, refused.Code);
                Assert.Contains($"{records} was lost or replaced", refused.Error, StringComparison.Ordinal);
                Assert.Equal(before, Inventory(engine.DataRoot));
            }
        }
        finally
        {
            foreach (var path in Directory.GetFiles(engine.DataRoot, "strake.db*")) File.Delete(path);
            File.Move(saved, records);
        }

        await engine.LaunchAsync();
        Assert.Equal("still here", await engine.Docker.OkAsync("start", "-a", name));
        (await engine.FsckAsync()).Ok();
    }

    static string Inventory(string dataRoot) => string.Join('\n', new[] { "overlay2", "vfs", "image", "containers" }
        .Select(folder => Path.Combine(dataRoot, folder))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.TopDirectoryOnly)
            .Concat(Directory.Exists(Path.Combine(folder, "blobs/sha256")) ? Directory.EnumerateFiles(Path.Combine(folder, "blobs/sha256")) : [])
            .Concat(Directory.Exists(Path.Combine(folder, "splits")) ? Directory.EnumerateFiles(Path.Combine(folder, "splits")) : []))
        .Order(StringComparer.Ordinal));

    [Fact]
    public async Task Everything_stopped_is_as_it_was()
    {
        StrakeOnly();
        await using var engine = await StartLoadedAsync();
        var docker = engine.Docker;
        var (name, volume) = (engine.NewContainer(), engine.NewVolume());
        await docker.OkAsync("run", "--name", name, "--network", "none", "-l", "a=b", "-v", $"{volume}:/data", "busybox", "sh", "-c", "echo kept >/kept; echo kept >/data/kept");
        var before = await docker.OkAsync("inspect", name);
        var images = await docker.OkAsync("images", "--no-trunc");
        await engine.KillAsync();
        await engine.LaunchAsync();
        Assert.Equal(before, await docker.OkAsync("inspect", name));
        Assert.Equal(images.Split('\n').Length, (await docker.OkAsync("images", "--no-trunc")).Split('\n').Length);
        Assert.Equal(["A /data", "A /kept"], (await docker.RunAsync("diff", name)).Lines.Order(StringComparer.Ordinal));
        Assert.Equal("kept", await docker.OkAsync("run", "--rm", "--network", "none", "-v", $"{volume}:/data", "busybox", "cat", "/data/kept"));
    }

    [Fact]
    public async Task Two_daemons_with_different_roots_run_side_by_side()
    {
        StrakeOnly();
        await using var one = await StartLoadedAsync();
        await using var two = await Engine.StartAsync(new EngineOptions { Arguments = ["-s", "vfs"] });
        Assert.Empty(await two.Docker.OkAsync("images", "-q"));
        await two.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        Assert.Equal("vfs", await two.Docker.OkAsync("info", "--format", "{{.Driver}}"));
        Assert.Equal("two", await two.Docker.OkAsync("run", "--rm", "--network", "none", "busybox", "echo", "two"));
        Assert.Equal("one", await one.Docker.OkAsync("run", "--rm", "--network", "none", "busybox", "echo", "one"));
    }

    [Fact]
    public async Task A_second_daemon_on_the_same_roots_is_refused()
    {
        StrakeOnly();
        await using var engine = await StartLoadedAsync();
        var second = await Command.RunAsync(TestSetting.Program, ["daemon", "--data-root", engine.DataRoot, "--exec-root", engine.ExecRoot, "-H", $"unix://{engine.Scratch}/second.sock"]);
        Assert.NotEqual(0, second.Code);
        Assert.Equal("OK", (await engine.Http.GetAsync("/_ping")).Body);
    }

    [Fact]
    public async Task An_option_that_the_daemon_does_not_know_is_refused_by_name()
    {
        StrakeOnly();
        var result = await Command.RunAsync(TestSetting.Program, ["daemon", "--no-such-option"]);
        Assert.NotEqual(0, result.Code);
        Assert.Contains("no-such-option", result.Error, StringComparison.Ordinal);
    }

    static void StrakeOnly() => Assert.SkipUnless(Engine.IsStrake, "these tests start and stop the daemon");

    static async Task<Engine> StartLoadedAsync()
    {
        var engine = await Engine.StartAsync();
        await engine.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        return engine;
    }
}
