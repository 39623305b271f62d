using Strake.Conformance.FileSystems;
using Strake.Images;
using Strake.Layers.Tests.Store;
using Strake.Linux;

namespace Strake.Layers.Tests.Migration;

/// <summary>From any driver to any other: images, containers and their changes are as they were, and an interruption loses nothing.</summary>
public sealed class LayerMigrationTests : IClassFixture<Btrfs>, IClassFixture<Zfs>, IAsyncLifetime
{
    static readonly TestLayer s_base = TestLayer.Of("a=1", "d/", "d/b=2", "d/e/", "d/e/f=3", "link->d/b");
    static readonly TestLayer s_middle = TestLayer.Of(".wh.a", "d/e/", "d/e/.wh..wh..opq", "d/e/g=4");
    static readonly TestLayer s_top = TestLayer.Of("again->d/b", "a=5");

    readonly string _folder;
    readonly string _dataRoot;
    readonly MemoryStateStore _state = new();
    int _targets;

    readonly Zfs _zfs;

    public LayerMigrationTests(Btrfs fileSystem, Zfs zfs)
    {
        _zfs = zfs;
        _folder = fileSystem.NewFolder();
        _dataRoot = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
    }

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        ScratchFileSystem.Remove(_folder);
        await _state.DisposeAsync();
    }

    [Theory]
    [InlineData("overlay2", "btrfs")]
    [InlineData("overlay2", "composefs")]
    [InlineData("overlay2", "vfs")]
    [InlineData("btrfs", "overlay2")]
    [InlineData("composefs", "vfs")]
    [InlineData("vfs", "composefs")]
    public Task Everything_is_as_it_was_and_the_old_store_is_gone(string from, string to) => MigrateAllAsync(from, to);

    [Theory]
    [Trait("Kernel", "stock")]
    [InlineData("overlay2", "zfs")]
    [InlineData("zfs", "devicemapper")]
    [InlineData("devicemapper", "overlay2")]
    public async Task With_a_stock_kernel_too(string from, string to)
    {
        _zfs.NewFolder();
        Assert.SkipUnless(DeviceMapper.IsAvailable, "this kernel has no device-mapper");
        await MigrateAllAsync(from, to);
    }

    async Task MigrateAllAsync(string from, string to)
    {
        var (image, before) = await FillAsync(from);
        Assert.Equal(5, await MigrateAsync(DriverOf(to)));
        Assert.Equal(before, await DescribeAsync(to, image));
        Assert.Empty(DriverOf(from).List());
        Assert.Equal(to, await LayerStore.FindDriverAsync(_state, Stop));
        Assert.Equal(0, await MigrateAsync(DriverOf(to)));
    }

    [Theory]
    [InlineData("overlay2", "vfs")]
    [InlineData("vfs", "overlay2")]
    public Task Interrupted_at_any_step_it_is_repeated_and_until_it_is_through_the_old_store_is_whole(string from, string to) => InterruptAsync(from, to);

    [Theory]
    [Trait("Kernel", "stock")]
    [InlineData("overlay2", "zfs")]
    [InlineData("zfs", "devicemapper")]
    public async Task Interrupted_at_any_step_with_a_stock_kernel_too(string from, string to)
    {
        _zfs.NewFolder();
        Assert.SkipUnless(DeviceMapper.IsAvailable, "this kernel has no device-mapper");
        await InterruptAsync(from, to);
    }

    async Task InterruptAsync(string from, string to)
    {
        var (image, before) = await FillAsync(from);
        for (var step = 1; ; step++)
        {
            var life = new Life(step);
            try
            {
                await MigrateAsync(new MortalDriver(DriverOf(to), life), new MortalState(_state, life));
                break;
            }
            catch (DeathException)
            {
                var keeper = await LayerStore.FindDriverAsync(_state, Stop);
                Assert.True(step < 200, "it has no end");
                Assert.Equal(before, await DescribeAsync(keeper!, image));
            }
        }

        Assert.Equal(before, await DescribeAsync(to, image));
        Assert.Empty(DriverOf(from).List());
    }

    [Fact]
    public async Task A_container_that_is_mounted_is_named_and_nothing_is_moved()
    {
        await FillAsync("overlay2");
        await using (var store = await OpenAsync("overlay2"))
            store.Mount((await store.FindWritableAsync("container/1", Stop))!, LayerAccess.ReadWrite, NewTarget()).Release();
        var error = await Assert.ThrowsAsync<StrakeException>(() => MigrateAsync(DriverOf("vfs")));
        Assert.Equal(ErrorKind.InUse, error.Kind);
        Assert.Contains("container/1", error.Message, StringComparison.Ordinal);
        Assert.Empty(DriverOf("vfs").List());
    }

    [Fact]
    public async Task A_damaged_layer_is_named_and_the_old_store_stays()
    {
        await FillAsync("overlay2");
        var driver = DriverOf("overlay2");
        var files = driver.List().Select(id => Path.Combine(driver.Content(id).Directory, "d", "b")).Where(File.Exists);
        File.WriteAllText(files.Single(file => File.ReadAllText(file) is "2"), "9");
        var error = await Assert.ThrowsAsync<StrakeException>(() => MigrateAsync(DriverOf("vfs")));
        Assert.Equal(ErrorKind.DataLoss, error.Kind);
        Assert.Equal("overlay2", await LayerStore.FindDriverAsync(_state, Stop));
        Assert.Equal(5, driver.List().Count);
    }

    [Fact]
    public async Task Where_nothing_is_recorded_nothing_is_touched()
    {
        var driver = DriverOf("overlay2");
        driver.Probe();
        driver.Create(LayerId.New(), []);
        Assert.Equal(0, await MigrateAsync(DriverOf("vfs")));
        Assert.Single(driver.List());
    }

    // An image of three layers, a container on it with changes of every kind, and one without.
    async Task<(ChainId Image, string Description)> FillAsync(string driver)
    {
        ChainId image;
        await using (var store = await OpenAsync(driver))
        {
            await using var ingest = store.BeginIngest();
            var received = await Task.WhenAll(new[] { s_base, s_middle, s_top }.Select(layer => LayerStoreWorld.ReceiveAsync(ingest, layer)));
            image = (await ingest.CommitAsync(received, Stop))[^1];
            await _state.CommitAsync(new StateTransaction().Put(LayerReference.Key(image, "image/1"), default), Stop);
            var layer = await store.CreateWritableAsync(image, "container/1", null, Stop);
            await store.CreateWritableAsync(image, "container/2", null, Stop);
            using var mount = store.Mount(layer, LayerAccess.ReadWrite, NewTarget());
            File.Delete($"{mount.Target}/a");
            File.WriteAllText($"{mount.Target}/d/b", "changed");
            Directory.Delete($"{mount.Target}/d/e", recursive: true);
            Directory.CreateDirectory($"{mount.Target}/d/e");
            File.WriteAllText($"{mount.Target}/d/e/new", "new");
            File.SetUnixFileMode($"{mount.Target}/d", Permissions.Octal0700);
        }

        return (image, await DescribeAsync(driver, image));
    }

    // All that can be seen of the store: the image, its tar, the containers and their changes.
    async Task<string> DescribeAsync(string driver, ChainId image)
    {
        await using var store = await OpenAsync(driver);
        var lines = new List<string>();
        using (var mount = await store.MountAsync(image, NewTarget(), Stop)) lines.AddRange(Lines(mount.Target));
        await store.WriteTarAsync(image, Stream.Null, Stop);
        foreach (var owner in new[] { "container/1", "container/2" })
        {
            var layer = (await store.FindWritableAsync(owner, Stop))!;
            using (var mount = store.Mount(layer, LayerAccess.ReadOnly, NewTarget())) lines.AddRange(Lines(mount.Target));
            lines.AddRange((await store.ChangesAsync(layer.Id, Stop)).Select(change => $"{change.Kind} {PathBytes.Decode(change.Path.Span)}"));
        }

        lines.AddRange(await store.CheckAsync(LayerStoreWorld.NoMounts, Stop));
        return string.Join('\n', lines);
    }

    static IEnumerable<string> Lines(string root) => TreeImage.Files(root, directoryTimes: false).Select(file => $"{file.Key} {file.Value}");

    Task<LayerStore> OpenAsync(string driver) => LayerStore.OpenAsync(new LayerStoreOptions { DataRoot = _dataRoot, Driver = DriverOf(driver), State = _state }, Stop);

    Task<int> MigrateAsync(IStorageDriver target, IStateStore? state = null) => LayerMigration.RunAsync(
        new LayerMigrationOptions
        {
            DataRoot = _dataRoot,
            State = state ?? _state,
            Target = target,
            Drivers = [.. new[] { "overlay2", "btrfs", "composefs", "vfs", "zfs", "devicemapper" }.Select(DriverOf)],
        },
        Stop);

    IStorageDriver DriverOf(string name) => name is "zfs" ? new ZfsDriver(_dataRoot, _zfs.Pool) : Kill.DaemonChild.DriverOf(name, _dataRoot);

    string NewTarget() => Directory.CreateDirectory(Path.Combine(_folder, $"target{++_targets}")).FullName;
}
