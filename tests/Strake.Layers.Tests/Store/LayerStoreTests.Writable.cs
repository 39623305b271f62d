using System.Text;
using Strake.Images;
using Strake.Layers.Archive;
using Strake.Linux;

namespace Strake.Layers.Tests.Store;

public abstract partial class LayerStoreTests
{
    [Fact]
    public async Task A_writable_layer_is_found_by_its_owner_until_it_is_removed()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base);
        var layer = await Store.CreateWritableAsync(chain, "container/1", null, Stop);
        Assert.Equal((chain, "container/1"), (layer.Parent, layer.Owner));
        Assert.Equal(layer.Id, (await Store.FindWritableAsync("container/1", Stop))?.Id);
        Assert.Equal([layer.Id], (await Store.ListWritableAsync(Stop)).Select(one => one.Id));
        Assert.Null(await Store.FindWritableAsync("container/2", Stop));
        await LayerStoreWorld.AssertSoundAsync(Store);

        await ReopenAsync();
        Assert.Equal(layer.Parents, (await Store.FindWritableAsync("container/1", Stop))?.Parents);
        await Store.RemoveWritableAsync(layer.Id, cancellationToken: Stop);
        await Store.RemoveWritableAsync(layer.Id, Durability.Eventual, Stop);
        Assert.Null(await Store.FindWritableAsync("container/1", Stop));
        Assert.Single(_world.Driver.List());
        await LayerStoreWorld.AssertSoundAsync(Store);

        Assert.NotEqual(layer.Id, (await Store.CreateWritableAsync(chain, "container/1", null, Stop)).Id);
    }

    [Fact]
    public async Task What_cannot_be_created_is_refused_by_its_reason()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base);
        await Store.CreateWritableAsync(chain, "container/1", null, Stop);
        Assert.Equal(ErrorKind.AlreadyExists, await KindOfAsync(() => Store.CreateWritableAsync(chain, "container/1", null, Stop)));
        if (!_world.Driver.Traits.SizeLimit)
            Assert.Equal(ErrorKind.NotSupported, await KindOfAsync(() => Store.CreateWritableAsync(chain, "container/2", 1 << 20, Stop)));
        Assert.Equal(ErrorKind.NotFound, await KindOfAsync(() => Store.CreateWritableAsync(ChainId.Of(chain, Top.DiffId), "container/2", null, Stop)));
        Assert.Equal(2, _world.Driver.List().Count);
        await LayerStoreWorld.AssertSoundAsync(Store);
    }

    [Fact]
    public async Task A_layer_with_a_limit_is_made_and_removed_as_another()
    {
        Assert.SkipUnless(_world.Driver.Traits.SizeLimit, "no size limits here");
        var chain = await _world.LoadAsync(Store, "image/1", Base);
        var layer = await Store.CreateWritableAsync(chain, "container/1", 16 << 20, Stop);
        Assert.Equal(16 << 20, layer.SizeLimitBytes);
        await Store.RemoveWritableAsync(layer.Id, cancellationToken: Stop);
        await LayerStoreWorld.AssertSoundAsync(Store);
    }

    [Fact]
    public async Task An_images_layer_is_not_removed_as_a_writable_one()
    {
        await _world.LoadAsync(Store, "image/1", Base);
        Assert.Equal(ErrorKind.Conflict, await KindOfAsync(() => Store.RemoveWritableAsync(_world.Driver.List()[0], cancellationToken: Stop)));
    }

    [Fact]
    public async Task Two_containers_of_an_image_do_not_see_each_other()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base);
        using var one = Store.Mount(await Store.CreateWritableAsync(chain, "container/1", null, Stop), LayerAccess.ReadWrite, _world.NewTarget());
        using var two = Store.Mount(await Store.CreateWritableAsync(chain, "container/2", null, Stop), LayerAccess.ReadWrite, _world.NewTarget());
        File.WriteAllText($"{one.Target}/a", "changed");
        File.Delete($"{one.Target}/d/b");
        File.WriteAllText($"{two.Target}/new", "2");
        Assert.Equal("a=changed d/", LayerStoreWorld.Content(one.Target));
        Assert.Equal("a=1 d/ d/b=2 new=2", LayerStoreWorld.Content(two.Target));
        Assert.Equal("a=1 d/ d/b=2", await _world.ContentAsync(Store, chain));
    }

    /// <summary>Whether the kernel's list of mounts tells which layer one is of, so that a mount which nobody knows of is found.</summary>
    protected virtual bool MountsNameTheirLayers => true;

    [Fact]
    public async Task A_released_mount_outlives_the_store_and_is_taken_off_by_its_target()
    {
        var layer = await Store.CreateWritableAsync(null, "container/1", null, Stop);
        var target = Store.Mount(layer, LayerAccess.ReadWrite, _world.NewTarget()).Release();
        File.WriteAllText($"{target}/file", "1");
        await ReopenAsync();
        Assert.Equal("file=1", LayerStoreWorld.Content(target));
        if (MountsNameTheirLayers) Assert.Contains(await Store.CheckAsync(LayerStoreWorld.NoMounts, Stop), finding => finding.Contains(target, StringComparison.Ordinal));
        Assert.Empty(await Store.CheckAsync(new HashSet<string> { target }, Stop));

        Store.Unmount(target);
        Store.Unmount(target);
        Assert.Equal("", LayerStoreWorld.Content(target));
        Assert.False(MountTable.IsMountPoint(target));
        await LayerStoreWorld.AssertSoundAsync(Store);
    }

    [Fact]
    public async Task A_layer_is_mounted_again_right_after_it_was_unmounted()
    {
        var layer = await Store.CreateWritableAsync(null, "container/1", null, Stop);
        var target = _world.NewTarget();
        for (var i = 0; i < 20; i++)
        {
            using var mount = Store.Mount(layer, LayerAccess.ReadWrite, target);
            File.AppendAllText($"{target}/file", "x");
        }

        using (Store.Mount(layer, LayerAccess.ReadOnly, target)) Assert.Equal("file=" + new string('x', 20), LayerStoreWorld.Content(target));
    }

    [Fact]
    public async Task A_mount_that_fails_leaves_nothing_mounted()
    {
        var layer = await Store.CreateWritableAsync(null, "container/1", null, Stop);
        await KindOfAsync(() =>
        {
            Store.Mount(layer, LayerAccess.ReadWrite, Path.Combine(_world.DataRoot, "missing"));
            return Task.CompletedTask;
        });
        await LayerStoreWorld.AssertSoundAsync(Store);
    }

    [Fact]
    public async Task A_layer_that_is_removed_while_it_is_mounted_nowhere_leaves_no_mount()
    {
        for (var i = 0; i < 10; i++)
        {
            var layer = await Store.CreateWritableAsync(null, $"container/{i}", null, Stop);
            var target = Store.Mount(layer, LayerAccess.ReadWrite, _world.NewTarget()).Release();
            File.WriteAllText($"{target}/file", "1");
            Store.Unmount(target);
            await Store.RemoveWritableAsync(layer.Id, Durability.Eventual, Stop);
        }

        await _world.AssertEmptyAsync(Store);
    }

    [Fact]
    public async Task Changes_and_size_are_those_of_the_container_alone()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base);
        var layer = await Store.CreateWritableAsync(chain, "container/1", null, Stop);
        Assert.Equal(new LayerUsage(0, 0), Store.Measure(layer));
        using (var mount = Store.Mount(layer, LayerAccess.ReadWrite, _world.NewTarget()))
        {
            File.WriteAllText($"{mount.Target}/new", "12345");
            File.WriteAllText($"{mount.Target}/d/b", "22");
            File.Delete($"{mount.Target}/a");
        }

        var changes = await Store.ChangesAsync(layer.Id, Stop);
        Assert.Equal(
            ["/a Deleted", "/d Modified", "/d/b Modified", "/new Added"],
            changes.Select(change => $"{Encoding.UTF8.GetString(change.Path.Span)} {change.Kind}"));
        Assert.InRange(Store.Measure(layer).SizeBytes, 5, 7);
        Assert.Equal(ErrorKind.NotFound, await KindOfAsync(() => Store.ChangesAsync(LayerId.New(), Stop)));
    }

    [Fact]
    public async Task Committing_makes_a_layer_of_the_changes_and_leaves_the_container_as_it_is()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base);
        var layer = await Store.CreateWritableAsync(chain, "container/1", null, Stop);
        using (var mount = Store.Mount(layer, LayerAccess.ReadWrite, _world.NewTarget()))
        {
            File.WriteAllText($"{mount.Target}/new", "12345");
            File.Delete($"{mount.Target}/a");
            Directory.Delete($"{mount.Target}/d", recursive: true);
            Directory.CreateDirectory($"{mount.Target}/d");
        }

        StoredLayer made;
        await using (var ingest = Store.BeginIngest())
        {
            made = await Store.CommitAsync(layer.Id, ingest, Stop);
            await _world.ReferAsync(made.Chain, "image/2");
        }

        Assert.Equal((chain, 5), (made.Parent, made.SizeBytes));
        Assert.Equal("d/ new=12345", await _world.ContentAsync(Store, made.Chain));
        Assert.Equal(made.DiffId.Digest, Digest.Of(await TarAsync(Store, made.Chain)));
        using (var mount = Store.Mount(layer, LayerAccess.ReadOnly, _world.NewTarget())) Assert.Equal("d/ new=12345", LayerStoreWorld.Content(mount.Target));

        // And once more, on top of what was committed.
        var second = await Store.CreateWritableAsync(made.Chain, "container/2", null, Stop);
        await using (var ingest = Store.BeginIngest())
        {
            var same = await Store.CommitAsync(second.Id, ingest, Stop);
            Assert.Equal(made.Chain, same.Parent);
            Assert.Equal(0, same.SizeBytes);
        }

        await LayerStoreWorld.AssertSoundAsync(Store);
    }

    [Fact]
    public async Task Committing_needs_an_ingest_of_the_same_store()
    {
        await using var other = new LayerStoreWorld(dataRoot => new VfsDriver(dataRoot));
        await using var ingest = (await other.OpenAsync()).BeginIngest();
        var layer = await Store.CreateWritableAsync(null, "container/1", null, Stop);
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CommitAsync(layer.Id, ingest, Stop));
    }

    [Fact]
    public async Task A_mounted_layer_is_exported_with_all_below_it()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base, Top);
        using var mount = await Store.MountAsync(chain, _world.NewTarget(), Stop);
        using var tar = new MemoryStream();
        await LayerStore.ExportAsync(mount.Target, tar, Stop);
        var copy = await _world.LoadAsync(Store, "image/2", new TestLayer(tar.ToArray()));
        Assert.Equal("d/ d/b=2 d/c=3", await _world.ContentAsync(Store, copy));
    }

    [Fact]
    public async Task Many_containers_come_and_go_at_once()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base);
        var targets = Enumerable.Range(0, 40).Select(_ => _world.NewTarget()).ToList();
        await Parallel.ForAsync(0, 40, Stop, async (i, stop) =>
        {
            var layer = await Store.CreateWritableAsync(chain, $"container/{i}", null, stop);
            Store.Mount(layer, LayerAccess.ReadWrite, targets[i]).Release();
            File.WriteAllText($"{targets[i]}/a", $"{i}");
            Store.Unmount(targets[i]);
            await Store.RemoveWritableAsync(layer.Id, Durability.Eventual, stop);
        });
        await LayerStoreWorld.AssertSoundAsync(Store);
        Assert.Single(_world.Driver.List());
        Assert.Equal("a=1 d/ d/b=2", await _world.ContentAsync(Store, chain));
    }

    [Fact]
    public async Task A_long_removal_goes_on_in_the_background_and_is_finished_before_the_store_closes()
    {
        using var gate = new ManualResetEventSlim();
        var store = await _world.OpenAsync(Life.Endless(), TimeSpan.Zero, _ => gate.Wait(Stop));
        var layer = await store.CreateWritableAsync(null, "container/1", null, Stop);
        await store.RemoveWritableAsync(layer.Id, cancellationToken: Stop);
        Assert.Null(await store.FindWritableAsync("container/1", Stop));
        Assert.Equal([layer.Id], _world.Driver.List());

        var closing = store.DisposeAsync().AsTask();
        Assert.False(closing.IsCompleted);
        gate.Set();
        await closing.WaitAsync(TimeSpan.FromSeconds(60), Stop);
        Assert.Empty(_world.Driver.List());
    }
}
