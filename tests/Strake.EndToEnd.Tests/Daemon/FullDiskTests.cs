using Strake.EndToEnd.Tests.Harness;
using Strake.EndToEnd.Tests.Hostile;
using Strake.EndToEnd.Tests.Registry;

namespace Strake.EndToEnd.Tests.Daemon;

/// <summary>A data root on a small file system: what does not fit is refused, and what was there stays.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task A_load_that_does_not_fit_is_refused_and_leaves_nothing()
    {
        Assert.SkipUnless(Engine.IsStrake, "the daemon is started on a file system of its own");
        await using var root = await TestRoot.CreateAsync();
        await using var disk = await SmallDisk.MakeAsync(root, sizeMiB: 120);
        await using var engine = await Engine.StartAsync(new EngineOptions { DataRoot = disk.Path });
        await engine.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        var name = engine.NewContainer();
        await engine.Docker.OkAsync("run", "-d", "-i", "--name", name, "--network", "none", "busybox", "cat");
        var before = await EngineFootprint.OfAsync(engine);
        var free = await disk.FreeAsync();

        foreach (var archive in (string[])["debian.docker.tar", "debian.docker-gzip.tar", "debian.oci.tar"])
        {
            var said = await engine.Docker.RefusedAsync("load", "-i", TestSetting.Image(archive));
            Assert.Matches("(?i)no space (is )?left", said);
            Assert.Equal(before, await EngineFootprint.OfAsync(engine));
        }

        Assert.InRange(await disk.FreeAsync(), free - (8 << 20), long.MaxValue);
        (await engine.FsckAsync()).Ok();
        Assert.Equal("on", await engine.AnswerAsync(name, "on"));
        Assert.Equal("goes on", await engine.Docker.OkAsync("run", "--rm", "--network", "none", "busybox", "echo", "goes on"));
    }

    [Fact]
    public async Task A_pull_that_does_not_fit_is_refused_and_leaves_nothing()
    {
        Assert.SkipUnless(Engine.IsStrake, "the daemon is started on a file system of its own");
        await using var root = await TestRoot.CreateAsync();
        await using var registry = await RegistryServer.StartAsync();
        var name = registry.Name("large:1");
        await RegistryServer.SkopeoAsync("copy", "-q", "--dest-tls-verify=false", "docker-archive:" + TestSetting.Image("debian.docker.tar"), "docker://" + name);
        // Once too small for the layer unpacked, once already for the layer as it comes.
        foreach (var sizeMiB in (int[])[120, 40])
        {
            await using var disk = await SmallDisk.MakeAsync(root, sizeMiB);
            await using var engine = await Engine.StartAsync(new EngineOptions { DataRoot = disk.Path });
            await engine.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
            var before = await EngineFootprint.OfAsync(engine);
            Assert.Matches("(?i)no space (is )?left", await engine.Docker.RefusedAsync("pull", name));
            Assert.Equal(before, await EngineFootprint.OfAsync(engine));
            (await engine.FsckAsync()).Ok();
            Assert.Equal("goes on", await engine.Docker.OkAsync("run", "--rm", "--network", "none", "busybox", "echo", "goes on"));
        }
    }

    [Fact]
    public async Task A_layer_that_swells_beyond_the_disk_is_refused_and_leaves_nothing()
    {
        Assert.SkipUnless(Engine.IsStrake, "the daemon is started on a file system of its own");
        await using var root = await TestRoot.CreateAsync();
        await using var disk = await SmallDisk.MakeAsync(root, sizeMiB: 64);
        await using var engine = await Engine.StartAsync(new EngineOptions { DataRoot = disk.Path });
        await engine.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        var before = await EngineFootprint.OfAsync(engine);
        // 512 MiB that are no hole, in half a megabyte. The digest is never reached.
        var layer = Bomb.Gzip(new TarBytes().Entry("swollen", '0', [], claimedSize: 512L << 20).Bytes()[..512], (byte)'x', 512L << 20);
        var path = engine.NewPath();
        await File.WriteAllBytesAsync(path, new ImageArchive { Layers = [layer], DiffIds = [ImageArchive.Digest([])] }.Bytes(), TestContext.Current.CancellationToken);
        Assert.Matches("(?i)no space (is )?left", await engine.Docker.RefusedAsync("load", "-i", path));
        Assert.Equal(before, await EngineFootprint.OfAsync(engine));
        (await engine.FsckAsync()).Ok();
    }

    [Fact]
    public async Task A_container_that_fills_the_disk_gets_the_error_and_can_be_removed()
    {
        Assert.SkipUnless(Engine.IsStrake, "the daemon is started on a file system of its own");
        await using var root = await TestRoot.CreateAsync();
        await using var disk = await SmallDisk.MakeAsync(root, sizeMiB: 64);
        await using var engine = await Engine.StartAsync(new EngineOptions { DataRoot = disk.Path });
        await engine.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        var name = engine.NewContainer();
        var filled = await engine.Docker.RunAsync("run", "--name", name, "--network", "none", "busybox", "sh", "-c", "cat /dev/zero >/fill");
        Assert.Equal(1, filled.Code);
        Assert.Contains("No space left on device", filled.Error, StringComparison.Ordinal);
        await engine.Docker.RunAsync("create", "--network", "none", "busybox");   // May succeed or not; it must do no harm.
        await engine.Docker.OkAsync("rm", name);
        Assert.Equal("again", await engine.Docker.OkAsync("run", "--rm", "--network", "none", "busybox", "echo", "again"));
        (await engine.FsckAsync()).Ok();
    }
}
