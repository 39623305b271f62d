using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Volumes;

/// <summary>A volume that is a dataset, as containers and users see it.</summary>
public sealed class ZfsVolumeTests
{
    [Fact]
    [Trait("Kernel", "stock")]
    public async Task A_volume_on_zfs_keeps_its_size_survives_a_kill_and_can_be_rolled_back_and_cloned()
    {
        Assert.SkipUnless(Engine.IsStrake, "it tests what Docker has not");
        Assert.SkipUnless(File.Exists("/dev/zfs"), "this kernel has no ZFS");
        await using var root = await TestRoot.CreateAsync();
        await using var disk = await SmallDisk.MakeAsync(root, 400, "zfs");
        await using var engine = await Engine.StartAsync(new EngineOptions { DataRoot = Path.Combine(disk.Path, "d"), Arguments = ["-s", "zfs"] });
        var docker = engine.Docker;
        await docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        var (volume, clone, name) = (engine.NewVolume(), engine.NewVolume(), engine.NewContainer());
        await docker.OkAsync("volume", "create", "-o", "size=16m", volume);
        await docker.OkAsync("run", "-d", "--name", name, "--network", "none", "-v", $"{volume}:/v", "busybox", "sleep", "1000000");

        await docker.OkAsync("exec", name, "sh", "-c", "echo old >/v/file");
        var full = await docker.RunAsync("exec", name, "dd", "if=/dev/urandom", "of=/v/big", "bs=1M", "count=20");
        Assert.Contains("Disk quota exceeded", full.Error, StringComparison.Ordinal);
        Assert.Equal("0", await docker.OkAsync("exec", name, "sh", "-c", "sync; df -kP /v | tail -1 | awk '{print $4}'"));
        await docker.OkAsync("exec", name, "rm", "/v/big");
        (await VolumeAsync(engine, "snapshot", volume, "before")).Ok();

        await engine.KillAsync();
        await engine.LaunchAsync();
        await docker.OkAsync("exec", name, "sh", "-c", "grep -q old /v/file && echo new >/v/file");
        (await VolumeAsync(engine, "clone", volume, clone)).Ok();
        await docker.OkAsync("rm", "-f", name);
        (await VolumeAsync(engine, "rollback", $"{volume}@before")).Ok();
        Assert.Equal("old new", await docker.OkAsync(
            "run", "--rm", "--network", "none", "-v", $"{volume}:/v", "-v", $"{clone}:/c", "busybox", "sh", "-c", "echo $(cat /v/file) $(cat /c/file)"));

        // The clone began as the volume, which goes first all the same.
        await docker.OkAsync("volume", "rm", volume);
        Assert.Equal("new", await docker.OkAsync("run", "--rm", "--network", "none", "-v", $"{clone}:/c", "busybox", "cat", "/c/file"));
        await docker.OkAsync("volume", "rm", clone);
        (await engine.FsckAsync()).Ok();
        Assert.DoesNotContain("strake-volume-", (await Command.RunAsync("zfs", ["list", "-H", "-t", "all", "-o", "name"])).Ok(), StringComparison.Ordinal);
    }

    static Task<CommandResult> VolumeAsync(Engine engine, params string[] words) =>
        Command.RunAsync(TestSetting.Program, ["volume", .. words, "--host", engine.Host]);
}
