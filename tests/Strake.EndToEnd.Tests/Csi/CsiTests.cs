using System.Diagnostics;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Csi;

/// <summary>Volumes of a CSI driver that is another program, in another language, through the real docker client.</summary>
public sealed class CsiTests : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("strake-test-csi-").FullName;
    FolderDriver driver = null!;
    Engine engine = null!;

    DockerCli Docker => engine.Docker;

    public async ValueTask InitializeAsync()
    {
        driver = await FolderDriver.StartAsync(folder);
        try
        {
            engine = await Engine.StartAsync(new EngineOptions { Arguments = ["--csi-driver", "unix://" + driver.Socket] });
            await Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        }
        catch
        {
            // What was not initialized is not disposed: the driver would outlive the tests.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (engine is not null) await engine.DisposeAsync();
        if (driver is not null) await driver.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_volume_is_made_written_mounted_again_listed_and_removed()
    {
        Assert.Equal("data", await CreateAsync("data", "size=64m", "kind=image"));
        Assert.Contains(FolderDriver.Name, await Docker.OkAsync("info", "--format", "{{.Plugins.Volume}}"), StringComparison.Ordinal);
        Assert.Equal($"{FolderDriver.Name} data", await Docker.OkAsync("volume", "ls", "--format", "{{.Driver}} {{.Name}}"));
        await RunAsync("echo kept >/data/file; sync", "-v", "data:/data");
        Assert.Equal("kept", await RunAsync("cat /data/file", "-v", "data:/data:ro"));
        Assert.StartsWith(Path.Combine(engine.DataRoot, "csi"), await Docker.OkAsync("volume", "inspect", "--format", "{{.Mountpoint}}", "data"), StringComparison.Ordinal);
        Assert.Contains("data cannot be removed", (await StrakeAsync("volume", "why", "data", with: "data")).Output, StringComparison.Ordinal);
        await Docker.OkAsync("volume", "rm", "data");
        Assert.Equal("0 0", await driver.CountAsync());
        Assert.Empty(Leftovers.MountsBelow(Path.Combine(engine.DataRoot, "csi")));
    }

    [Fact]
    public async Task Snapshots_rollback_clones_and_growth()
    {
        await CreateAsync("data", "size=64m", "kind=image");
        await RunAsync("echo old >/data/file; sync", "-v", "data:/data");
        (await StrakeAsync("volume", "snapshot", "data", "before")).Ok();
        await RunAsync("echo new >/data/file; sync", "-v", "data:/data");
        Assert.Contains("before", (await StrakeAsync("volume", "snapshots", "data")).Ok(), StringComparison.Ordinal);
        (await StrakeAsync("volume", "clone", "data@before", "copy")).Ok();
        await Docker.OkAsync("volume", "create", "-d", FolderDriver.Name, "-o", "clone=data", "other");
        Assert.Equal("old new", $"{await RunAsync("cat /data/file", "-v", "copy:/data")} {await RunAsync("cat /data/file", "-v", "other:/data")}");
        (await StrakeAsync("volume", "rollback", "data@before")).Ok();
        Assert.Equal("old", await RunAsync("cat /data/file", "-v", "data:/data"));

        var name = engine.NewContainer();
        await Docker.OkAsync("run", "-d", "--name", name, "--network", "none", "-v", "data:/data", "busybox", "sleep", "1000");
        var grown = await StrakeAsync("volume", "resize", "data", "200m");
        // Without CAP_SYS_RESOURCE the kernel lets no mounted ext4 grow, for drivers of others neither.
        if (!grown.Error.Contains("Permission denied to resize filesystem", StringComparison.Ordinal))
        {
            grown.Ok();
            Assert.True(long.Parse(await Docker.OkAsync("exec", name, "sh", "-c", "df -k /data | tail -1 | awk '{print $2}'"), System.Globalization.CultureInfo.InvariantCulture) > 150_000);
            Assert.Contains("200", (await StrakeAsync("volume", "df", "data")).Ok(), StringComparison.Ordinal);
        }

        await Docker.OkAsync("rm", "-f", name);
        await Docker.OkAsync("volume", "rm", "data", "copy", "other");
        await Until.TrueAsync(async () => await driver.CountAsync() == "0 0", "nothing is left at the driver");
        Assert.Equal(0, (await engine.FsckAsync()).Code);
    }

    [Fact]
    public async Task A_block_volume_is_a_device()
    {
        await CreateAsync("disk", "size=16m", "mode=block");
        await RunAsync("test -b /dev/disk0 && echo written | dd of=/dev/disk0 conv=notrunc,fsync 2>/dev/null", "-v", "disk:/dev/disk0");
        Assert.Equal("written", await RunAsync("dd if=/dev/disk0 bs=8 count=1 2>/dev/null | head -1", "-v", "disk:/dev/disk0:ro"));
        Assert.Contains("not permitted", await RunAsync("dd if=/dev/zero of=/dev/disk0 bs=8 count=1 2>&1 || true", "-v", "disk:/dev/disk0:ro"), StringComparison.Ordinal);
        await Docker.OkAsync("volume", "rm", "disk");
    }

    [Fact]
    public async Task What_a_driver_says_is_told_and_secrets_are_not()
    {
        var far = await Docker.RunAsync("volume", "create", "-d", FolderDriver.Name, "-o", "size=4000g", "far");
        Assert.Contains($"create far: CSI driver \"{FolderDriver.Name}\": CreateVolume: OUT_OF_RANGE:", far.Error, StringComparison.Ordinal);
        var secrets = Path.Combine(folder, "secrets");
        await File.WriteAllTextAsync(secrets, "password=t0psecret\n", TestContext.Current.CancellationToken);
        var open = await Docker.RunAsync("volume", "create", "-d", FolderDriver.Name, "-o", $"secrets={secrets}", "data");
        Assert.Contains("chmod 0600", open.Error, StringComparison.Ordinal);
        File.SetUnixFileMode(secrets, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var wrong = await Docker.RunAsync("volume", "create", "-d", FolderDriver.Name, "-o", $"secrets={secrets}", "-o", "password=other", "data");
        Assert.Contains("UNAUTHENTICATED: the password ******** is wrong", wrong.Error, StringComparison.Ordinal);
        await Docker.OkAsync("volume", "create", "-d", FolderDriver.Name, "-o", $"secrets={secrets}", "data");
        Assert.DoesNotContain("t0psecret", await Docker.OkAsync("volume", "inspect", "data"), StringComparison.Ordinal);
        Assert.DoesNotContain("t0psecret", await File.ReadAllTextAsync(engine.LogPath, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_or_dead_driver_is_named_and_blocks_nobody_else()
    {
        await CreateAsync("data");
        await Docker.OkAsync("volume", "create", "mine");
        await driver.OrderAsync("CreateVolume", "slow 8000");
        var slow = CreateAsync("slow");
        var watch = Stopwatch.StartNew();
        Assert.Equal("data\nmine", string.Join('\n', (await Docker.OkAsync("volume", "ls", "-q")).Split('\n').Where(static name => name != "slow")));
        await RunAsync("true", "-v", "mine:/mine");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(7), $"took {watch.Elapsed}");
        Assert.Equal("slow", await slow);

        await driver.KillAsync();
        watch.Restart();
        Assert.Equal("data\nmine\nslow", await Docker.OkAsync("volume", "ls", "-q"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"took {watch.Elapsed}");
        var dead = await Docker.RunAsync("run", "--rm", "--network", "none", "-v", "data:/data", "busybox", "true");
        Assert.Contains($"CSI driver \"{FolderDriver.Name}\"", dead.Error, StringComparison.Ordinal);
        await driver.LaunchAsync();
        await RunAsync("true", "-v", "data:/data");
    }

    [Theory]
    [InlineData("CreateVolume")]
    [InlineData("ControllerPublishVolume")]
    [InlineData("NodeStageVolume")]
    [InlineData("NodePublishVolume")]
    [InlineData("NodeUnpublishVolume")]
    [InlineData("NodeUnstageVolume")]
    [InlineData("ControllerUnpublishVolume")]
    [InlineData("DeleteVolume")]
    public async Task A_driver_that_dies_in_a_call_and_comes_back_is_asked_again(string method)
    {
        foreach (var order in (string[])["die", "die-after", "lose ABORTED pending", "lose UNAVAILABLE away"])
        {
            await driver.OrderAsync(method, order);
            Task back = order.StartsWith("die", StringComparison.Ordinal) ? ReviveAsync() : Task.CompletedTask;
            await CreateAsync("data");
            await RunAsync("echo kept >/data/file", "-v", "data:/data");
            Assert.Equal("kept", await RunAsync("cat /data/file", "-v", "data:/data"));
            await Docker.OkAsync("volume", "rm", "data");
            await back;
            Assert.Equal("0 0", await driver.CountAsync());
            Assert.Empty(Leftovers.MountsBelow(Path.Combine(engine.DataRoot, "csi")));
        }
    }

    [Fact]
    public async Task A_driver_that_registers_is_found_again_after_each_restart_of_the_engine()
    {
        var other = Path.Combine(folder, "other");
        await driver.KillAsync();
        await using var registering = await FolderDriver.StartAsync(other, Path.Combine(engine.ExecRoot, "plugins_registry"));
        await Until.TrueAsync(() => File.Exists(Path.Combine(other, "storage", "registered")), "it was told");
        Assert.Equal("yes", await File.ReadAllTextAsync(Path.Combine(other, "storage", "registered"), TestContext.Current.CancellationToken));
        await CreateAsync("data");
        await RunAsync("echo kept >/data/file", "-v", "data:/data");
        await engine.KillAsync();
        await engine.LaunchAsync();
        Assert.Equal("kept", await RunAsync("cat /data/file", "-v", "data:/data"));
        await Docker.OkAsync("volume", "rm", "data");
    }

    async Task ReviveAsync()
    {
        await driver.EndedAsync();
        await driver.LaunchAsync();
    }

    Task<string> CreateAsync(string name, params string[] options) =>
        Docker.OkAsync(["volume", "create", "-d", FolderDriver.Name, .. options.SelectMany(static option => (string[])["-o", option]), name]);

    Task<string> RunAsync(string line, params string[] options) => Docker.OkAsync(["run", "--rm", "--network", "none", .. options, "busybox", "sh", "-c", line]);

    async Task<CommandResult> StrakeAsync(string command, string verb, string name, string? argument = null, string? with = null)
    {
        if (with is null) return await Command.RunAsync(TestSetting.Program, [command, verb, "--host", engine.Host, name, .. argument is null ? (string[])[] : [argument]]);
        var container = engine.NewContainer();
        await Docker.OkAsync("create", "--name", container, "-v", $"{with}:/data", "busybox");
        var result = await StrakeAsync(command, verb, name, argument);
        await Docker.OkAsync("rm", container);
        return result;
    }
}
