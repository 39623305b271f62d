using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Daemon;

/// <summary>The main stories, on every storage driver that the host can run: what a container writes, what outlives it, and what is left of it.</summary>
public sealed class StorageDriverTests
{
    [Theory]
    [InlineData("overlay", "overlay2", "ext4")]
    [InlineData("overlay2", "overlay2", "btrfs")]
    [InlineData("btrfs", "btrfs", "btrfs")]
    [InlineData("composefs", "composefs", "ext4")]
    [InlineData("vfs", "vfs", "ext4")]
    public Task What_a_container_changes_is_its_own_can_be_committed_and_goes_with_it(string name, string driver, string fileSystem) =>
        LiveAsync(name, driver, fileSystem);

    [Fact]
    [Trait("Kernel", "stock")]
    public async Task On_zfs_it_is_the_same()
    {
        Assert.SkipUnless(File.Exists("/dev/zfs"), "this kernel has no ZFS");
        await LiveAsync("zfs", "zfs", "zfs");
    }

    [Fact]
    [Trait("Kernel", "stock")]
    public async Task On_devicemapper_it_is_the_same()
    {
        Assert.SkipUnless(File.Exists("/dev/mapper/control"), "this kernel has no device-mapper");
        await LiveAsync("devicemapper", "devicemapper", "ext4", "dm.basesize=256M", "dm.loopdatasize=2G", "dm.loopmetadatasize=16M");
    }

    [Fact]
    public async Task On_overlay2_by_fuse_overlayfs_it_is_the_same() => await LiveAsync("overlay2", "overlay2", "ext4", await ByFuseAsync());

    [Fact]
    public async Task A_container_whose_fuse_overlayfs_was_killed_can_be_removed_and_others_run()
    {
        Assert.SkipUnless(Engine.IsStrake, "these tests start the daemon");
        await using var engine = await Engine.StartAsync(new EngineOptions { Arguments = ["-s", "overlay2", "--storage-opt", await ByFuseAsync()] });
        var docker = engine.Docker;
        await docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        var (one, other) = (engine.NewContainer(), engine.NewContainer());
        await docker.OkAsync("run", "-d", "--name", one, "--network", "none", "busybox", "sleep", "1000000");
        await docker.OkAsync("run", "-d", "--name", other, "--network", "none", "busybox", "sleep", "1000000");

        // The engine's own, by its arguments; the container's layer is in them.
        var process = Assert.Single((await Command.RunAsync("pgrep", ["-f", $"fuse-overlayfs .*{await docker.OkAsync("inspect", "--format", "{{.Id}}", one)}"])).Lines);
        (await Command.RunAsync("kill", ["-KILL", process])).Ok();
        Assert.NotEqual(0, (await docker.RunAsync("exec", one, "ls", "/")).Code);
        await docker.OkAsync("rm", "-f", one);
        Assert.Equal("runs", await docker.OkAsync("exec", other, "echo", "runs"));
        await docker.OkAsync("run", "--name", one, "--network", "none", "busybox", "true");
    }

    // The option that has the program mount, wherever it is; skips the test where it is not.
    static async Task<string> ByFuseAsync()
    {
        var path = (await Command.RunAsync("sh", ["-c", "command -v fuse-overlayfs"])).Text;
        Assert.SkipWhen(path.Length == 0 || !File.Exists("/dev/fuse"), "fuse-overlayfs is not installed, or this kernel has no FUSE");
        return $"overlay2.mount_program={path}";
    }

    static async Task LiveAsync(string name, string driver, string fileSystem, params string[] options)
    {
        Assert.SkipUnless(Engine.IsStrake, "these tests start the daemon");
        await using var root = await TestRoot.CreateAsync();
        await using var disk = await SmallDisk.MakeAsync(root, 400, fileSystem);
        await using var engine = await Engine.StartAsync(new EngineOptions
        {
            DataRoot = Path.Combine(disk.Path, "d"), Arguments = ["-s", name, .. options.SelectMany(option => new[] { "--storage-opt", option })],
        });
        var docker = engine.Docker;
        Assert.Equal(driver, await docker.OkAsync("info", "--format", "{{.Driver}}"));
        Assert.Contains("named by the user", await docker.OkAsync("info", "--format", "{{.DriverStatus}}"), StringComparison.Ordinal);
        await docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));

        var (one, volume) = (engine.NewContainer(), engine.NewVolume());
        await docker.OkAsync("run", "--name", one, "--network", "none", "-v", $"{volume}:/data", "busybox", "sh", "-c",
            "echo one >/own; rm /bin/vi; echo changed >/etc/passwd; mkdir /dir; echo kept >/data/kept");
        Assert.Equal(
            ["A /data", "A /dir", "A /own", "C /bin", "C /etc", "C /etc/passwd", "D /bin/vi"],
            (await docker.RunAsync("diff", one)).Lines.Order(StringComparer.Ordinal));
        Assert.Equal("root", await BusyboxAsync(docker, "busybox", "ls /bin/vi >/dev/null && head -n 1 /etc/passwd | cut -d: -f1; cat /own 2>/dev/null || true"));

        await docker.OkAsync("commit", one, "committed");
        Assert.Equal("one changed", await BusyboxAsync(docker, "committed", "echo $(cat /own) $(cat /etc/passwd); ls /bin/vi 2>/dev/null || true"));
        await docker.OkAsync("save", "-o", Path.Combine(engine.Scratch, "saved.tar"), "committed");

        await engine.KillAsync();
        await engine.LaunchAsync();
        Assert.Equal("one", await docker.OkAsync("run", "--rm", "--network", "none", "-v", $"{volume}:/data", "committed", "sh", "-c", "cat /own; grep -q kept /data/kept"));
        (await engine.FsckAsync()).Ok();

        await docker.OkAsync("rm", "-f", one);
        await docker.OkAsync("rmi", "-f", "committed", "busybox");
        await docker.OkAsync("load", "-qi", Path.Combine(engine.Scratch, "saved.tar"));
        Assert.Equal("one", await BusyboxAsync(docker, "committed", "cat /own"));
        await docker.OkAsync("rmi", "-f", "committed");
        var home = Path.Combine(engine.DataRoot, driver);
        await Until.TrueAsync(
            () => Task.FromResult(Directory.GetDirectories(home).Select(Path.GetFileName).Count(folder => folder is not ("empty" or "objects" or "pool" or "base")) == 1),
            "all layers are gone but the one that containers are given to mount on");
        if (Directory.Exists(Path.Combine(home, "objects"))) Assert.Empty(Directory.GetDirectories(Path.Combine(home, "objects")));
    }

    [Theory]
    [Trait("Kernel", "stock")]
    [InlineData("zfs", "zfs", "/dev/zfs", "Disk quota exceeded")]
    [InlineData("devicemapper", "ext4", "/dev/mapper/control", "No space left on device", "dm.basesize=256M", "dm.loopdatasize=2G", "dm.loopmetadatasize=16M")]
    public async Task A_limited_container_gets_no_more_than_it_may_have(string driver, string fileSystem, string device, string error, params string[] options)
    {
        Assert.SkipUnless(Engine.IsStrake, "these tests start the daemon");
        Assert.SkipUnless(File.Exists(device), $"this kernel has no {driver}");
        await using var root = await TestRoot.CreateAsync();
        await using var disk = await SmallDisk.MakeAsync(root, 400, fileSystem);
        await using var engine = await Engine.StartAsync(new EngineOptions
        {
            DataRoot = Path.Combine(disk.Path, "d"), Arguments = ["-s", driver, .. options.SelectMany(option => new[] { "--storage-opt", option })],
        });
        await engine.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        var result = await engine.Docker.RunAsync(
            "run", "--rm", "--network", "none", "--storage-opt", "size=16M", "busybox", "sh", "-c", "for i in 1 2 3 4 5; do dd if=/dev/urandom of=/file$i bs=1M count=8; sync; done");
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limited_container_on_btrfs_gets_no_more_than_it_may_have()
    {
        Assert.SkipUnless(Engine.IsStrake, "these tests start the daemon");
        await using var root = await TestRoot.CreateAsync();
        await using var disk = await SmallDisk.MakeAsync(root, 400, "btrfs");
        await using var engine = await Engine.StartAsync(
            new EngineOptions { DataRoot = Path.Combine(disk.Path, "d"), Arguments = ["-s", "btrfs", "--storage-opt", "btrfs.min_space=8M"] });
        await engine.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        var result = await engine.Docker.RunAsync("run", "--rm", "--network", "none", "--storage-opt", "size=16M", "busybox", "sh", "-c", "dd if=/dev/urandom of=/file bs=1M count=40; sync");
        Assert.Contains("Disk quota exceeded", result.Error, StringComparison.Ordinal);
        var refused = await engine.Docker.RunAsync("create", "--storage-opt", "size=4M", "busybox");
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("btrfs.min_space", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_driver_that_the_host_cannot_run_is_refused_with_the_reason()
    {
        Assert.SkipUnless(Engine.IsStrake, "these tests start the daemon");
        await using var root = await TestRoot.CreateAsync();
        var result = await Command.RunAsync(TestSetting.Program, ["daemon", "-s", "aufs", "--data-root", root.Folder("d"), "--exec-root", root.Folder("x")]);
        Assert.NotEqual(0, result.Code);
        Assert.Contains("this kernel has no aufs", result.Error, StringComparison.Ordinal);
    }

    static Task<string> BusyboxAsync(DockerCli docker, string image, string line) => docker.OkAsync("run", "--rm", "--network", "none", image, "sh", "-c", line);
}
