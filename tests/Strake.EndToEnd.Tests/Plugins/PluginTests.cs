using System.Diagnostics;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Plugins;

/// <summary>Volumes of a plugin that announces itself by its socket: rclone, which is another maker's.</summary>
public sealed class PluginTests : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("strake-test-rclone-").FullName;
    Rclone rclone = null!;
    Engine engine = null!;

    DockerCli Docker => engine.Docker;

    public async ValueTask InitializeAsync()
    {
        rclone = await Rclone.StartAsync(folder);
        engine = await Engine.StartAsync(new EngineOptions { Arguments = ["--plugin-sockets", rclone.Sockets, "--plugin-specs", Path.Combine(folder, "specs")] });
        await Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
    }

    public async ValueTask DisposeAsync()
    {
        if (engine is not null) await engine.DisposeAsync();
        if (rclone is not null) await rclone.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_volume_is_made_written_mounted_again_listed_and_removed()
    {
        Assert.Equal("data", await Docker.OkAsync(["volume", "create", "-d", "rclone", .. rclone.Options, "data"]));
        Assert.Contains("rclone", await Docker.OkAsync("info", "--format", "{{.Plugins.Volume}}"), StringComparison.Ordinal);
        Assert.Equal("rclone data", await Docker.OkAsync("volume", "ls", "--format", "{{.Driver}} {{.Name}}"));
        await RunAsync("echo kept >/data/file", "--volume-driver", "rclone", "--mount", "src=data,target=/data");
        Assert.Equal("kept", await RunAsync("cat /data/file", "-v", "data:/data"));
        Assert.Equal("kept\n", await File.ReadAllTextAsync(Path.Combine(rclone.Store, "file"), TestContext.Current.CancellationToken));
        Assert.Equal("""{"Mounts":[]}""", await Docker.OkAsync("volume", "inspect", "--format", "{{json .Status}}", "data"));

        var user = engine.NewContainer();
        await Docker.OkAsync("create", "--name", user, "-v", "data:/data", "busybox");
        Assert.Contains("volume is in use", await Docker.RefusedAsync("volume", "rm", "data"), StringComparison.Ordinal);
        await Docker.OkAsync("rm", user);
        Assert.DoesNotContain("data", await Docker.OkAsync("volume", "prune", "-af"), StringComparison.Ordinal);
        Assert.Equal("data", await Docker.OkAsync("volume", "rm", "data"));
        Assert.Empty(await Docker.OkAsync("volume", "ls", "-q"));
    }

    [Fact]
    public async Task An_error_of_the_plugin_is_told_in_Dockers_words()
    {
        var said = await Docker.RefusedAsync("volume", "create", "-d", "rclone", "-o", "type=nosuch", "data");
        Assert.Contains("create data: plugin \"rclone\": VolumeDriver.Create: ", said, StringComparison.Ordinal);
        Assert.Equal(500, (await engine.Http.PostAsync("/volumes/create", """{"Name":"data","Driver":"rclone","DriverOpts":{"type":"nosuch"}}""")).Status);
        Assert.Equal(404, (await engine.Http.PostAsync("/volumes/create", """{"Name":"data","Driver":"nosuch"}""")).Status);
        Assert.Empty(await Docker.OkAsync("volume", "ls", "-q"));
    }

    [Fact]
    public async Task The_plugin_is_killed_and_comes_back()
    {
        await Docker.OkAsync(["volume", "create", "-d", "rclone", .. rclone.Options, "data"]);
        var user = engine.NewContainer();
        await Docker.OkAsync("run", "-d", "--name", user, "--network", "none", "-v", "data:/data", "busybox", "sh", "-c", "echo kept >/data/file; sleep 1000");
        await Until.TrueAsync(() => File.Exists(Path.Combine(rclone.Store, "file")), "the file is stored");
        await rclone.KillAsync();

        var begun = Stopwatch.GetTimestamp();
        Assert.Equal("data", await Docker.OkAsync("volume", "ls", "-q"));
        await Docker.OkAsync("volume", "create", "other");
        await Docker.OkAsync("rm", "-f", user);
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(20));

        await rclone.LaunchAsync();
        Assert.Equal("kept", await RunAsync("cat /data/file", "-v", "data:/data"));
        await Docker.OkAsync("volume", "rm", "data");
    }

    [Fact]
    public async Task Strake_is_killed_and_comes_back()
    {
        await Docker.OkAsync(["volume", "create", "-d", "rclone", .. rclone.Options, "data"]);
        var user = engine.NewContainer();
        await Docker.OkAsync("run", "-d", "--name", user, "--network", "none", "-v", "data:/data", "busybox", "sleep", "1000");
        await engine.KillAsync();
        await engine.LaunchAsync();

        await Docker.OkAsync("exec", user, "sh", "-c", "echo kept >/data/file");
        await Docker.OkAsync("restart", "-t", "0", user);
        Assert.Equal("kept", await Docker.OkAsync("exec", user, "cat", "/data/file"));
        await engine.KillAsync();
        await engine.LaunchAsync();
        await Docker.OkAsync("rm", "-f", user);
        // rclone refuses to remove what is mounted: so nothing is, by any id.
        await Docker.OkAsync("volume", "rm", "data");
    }

    [Fact]
    public async Task A_volume_that_only_the_plugin_knows_is_explained_and_measured_by_it()
    {
        using var plugin = new EngineHttp(Path.Combine(rclone.Sockets, "rclone.sock"));
        Assert.Equal(200, (await plugin.PostAsync("/VolumeDriver.Create", $$"""{ "Name": "theirs", "Opts": { "remote": "{{rclone.Store}}" } }""")).Status);
        Assert.Equal("nobody uses theirs: it can be removed", await StrakeAsync("why", "theirs"));
        Assert.Matches(@"(?m)^theirs +rclone +- ", await StrakeAsync("df", "theirs"));
        await RunAsync("true", "-v", "theirs:/data");
        Assert.Matches(@"(?m)^theirs +rclone +- ", await StrakeAsync("df"));
    }

    async Task<string> StrakeAsync(params string[] words) => (await Command.RunAsync(TestSetting.Program, ["volume", .. words, "--host", engine.Host])).Ok();

    Task<string> RunAsync(string line, params string[] options) =>
        Docker.OkAsync(["run", "--rm", "--network", "none", .. options, "busybox", "sh", "-c", line]);
}
