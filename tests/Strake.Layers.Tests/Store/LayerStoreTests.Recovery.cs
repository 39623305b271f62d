using Strake.Images;
using Strake.Linux;

namespace Strake.Layers.Tests.Store;

public abstract partial class LayerStoreTests
{
    // One life of a daemon: load two images, run a container, commit it, remove it, remove an image. It dies at each step in turn, on an
    // empty data root; the next one must find all that was promised and nothing else.
    [Fact]
    public async Task A_death_at_any_step_loses_nothing_and_leaves_nothing()
    {
        var step = 0;
        var lived = false;
        while (!lived)
        {
            step++;
            await using var world = _world.Another();
            var promises = new Promises();
            lived = await LiveAsync(world, new Life(step), promises);
            await CheckAfterDeathAsync(world, promises, step);
        }

        Assert.InRange(step, 40, 1000);
    }

    [Fact]
    public async Task A_layer_that_only_a_layer_rolled_back_lies_on_goes_with_it()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base);
        await Store.DisposeAsync();

        // It dies right before the layer's directory is made: the record stays Preparing.
        var dying = await _world.OpenAsync(new Life(3));
        await Assert.ThrowsAsync<DeathException>(() => dying.CreateWritableAsync(chain, "container/1", null, Stop));
        await _world.UnreferAsync(chain, "image/1");

        // The removal of the first layer begins after the start has looked for what nothing needs.
        using var opened = new ManualResetEventSlim();
        _store = await _world.OpenAsync(Life.Endless(), removing: _ => opened.Wait(TimeSpan.FromSeconds(30)));
        opened.Set();
        await _world.AssertEmptyAsync(Store);
    }

    [Fact]
    public async Task What_no_record_names_is_removed()
    {
        await Store.DisposeAsync();
        var nameless = LayerId.New();
        _world.Driver.Create(nameless, []);
        File.WriteAllText(Path.Combine(_world.Splits, nameless.ToString()), "x");
        File.WriteAllText(Path.Combine(_world.Splits, "no-id"), "x");
        File.WriteAllText(Path.Combine(_world.Spools, "layer-0123"), "x");
        File.WriteAllText(Path.Combine(_world.Spools, "somebody-elses"), "x");
        await ReopenAsync();
        await _world.AssertEmptyAsync(Store);
        Assert.Equal(["somebody-elses"], Directory.GetFiles(_world.Spools).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_data_root_whose_records_were_lost_is_refused_and_nothing_is_touched(bool withOtherDriver)
    {
        await _world.LoadAsync(Store, "image/1", Base);
        await Store.CreateWritableAsync(null, "container/1", null, Stop);
        await Store.DisposeAsync();
        var layers = _world.Driver.List().Count;
        IStorageDriver driver = !withOtherDriver ? _world.Driver
            : string.Equals(_world.Driver.Name, "vfs", StringComparison.Ordinal) ? new Overlay2Driver(_world.DataRoot) : new VfsDriver(_world.DataRoot);

        await using var empty = new MemoryStateStore();
        var options = new LayerStoreOptions { DataRoot = _world.DataRoot, Driver = driver, State = empty };
        // The second time as well: the refusal has left no record that would make the records look old.
        for (var start = 0; start < 2; start++)
        {
            var refused = await Assert.ThrowsAsync<StrakeException>(() => LayerStore.OpenAsync(options, Stop));
            Assert.Equal(ErrorKind.DataLoss, refused.Kind);
            Assert.Contains(Path.Combine(_world.DataRoot, "strake.db"), refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(layers, _world.Driver.List().Count);
        Assert.Single(Directory.GetFiles(_world.Splits));
        await ReopenAsync();
        await LayerStoreWorld.AssertSoundAsync(Store);
    }

    [Fact]
    public async Task A_containers_directory_that_a_power_cut_took_is_made_anew()
    {
        var layer = await Store.CreateWritableAsync(null, "container/1", null, Stop);
        await Store.DisposeAsync();
        _world.Driver.Remove(layer.Id);
        await ReopenAsync();
        using (Store.Mount(layer, LayerAccess.ReadWrite, _world.NewTarget()))
        {
        }

        await LayerStoreWorld.AssertSoundAsync(Store);
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_keeps_its_layer_and_hides_no_other()
    {
        var layer = await Store.CreateWritableAsync(null, "container/1", null, Stop);
        var other = await Store.CreateWritableAsync(null, "container/2", null, Stop);
        await _world.State.CommitAsync(new StateTransaction().Put($"layer/{layer.Id}", "{"u8.ToArray()), Stop);
        await ReopenAsync();
        Assert.Equal(2, _world.Driver.List().Count);
        Assert.Equal([other.Id], (await Store.ListWritableAsync(Stop)).Select(one => one.Id));
        Assert.Contains(await Store.CheckAsync(LayerStoreWorld.NoMounts, Stop), finding => finding.Contains(layer.Id.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"State":"Sealing","Kind":"Writable"}""")]
    public async Task A_record_that_says_nothing_keeps_its_layer_and_what_it_lies_on(string record)
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base, Top);
        var writable = await Store.CreateWritableAsync(chain, "container/1", null, Stop);
        await _world.State.CommitAsync(
            new StateTransaction().Put($"layer/{writable.Id}", System.Text.Encoding.UTF8.GetBytes(record)).Put($"layer/{writable.Parents[0]}", "{"u8.ToArray()), Stop);
        await _world.UnreferAsync(chain, "image/1");
        var layers = _world.Driver.List().Count;

        await ReopenAsync();
        Assert.Equal(layers, _world.Driver.List().Count);
        Assert.Equal(2, Directory.GetFiles(_world.Splits).Length);
        await Store.CollectAllAsync(Stop);
        Assert.Equal(layers, _world.Driver.List().Count);
        var findings = await Store.CheckAsync(LayerStoreWorld.NoMounts, Stop);
        Assert.Contains(findings, finding => finding.Contains(writable.Id.ToString(), StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Contains(writable.Parents[0].ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_removal_that_fails_is_finished_by_the_next_start()
    {
        var store = await _world.OpenAsync(Life.Endless(), removing: _ => throw StrakeException.Unavailable("the disk is read-only"));
        var layer = await store.CreateWritableAsync(null, "container/1", null, Stop);
        await store.RemoveWritableAsync(layer.Id, cancellationToken: Stop);
        Assert.Null(await store.FindWritableAsync("container/1", Stop));
        Assert.Contains(await store.CheckAsync(LayerStoreWorld.NoMounts, Stop), finding => finding.Contains("Removing", StringComparison.Ordinal));
        await store.DisposeAsync();
        await ReopenAsync();
        await _world.AssertEmptyAsync(Store);
    }

    [Fact]
    public async Task A_removal_that_failed_is_tried_again_by_prune()
    {
        var fails = true;
        var store = await _world.OpenAsync(Life.Endless(), removing: _ =>
        {
            if (fails) throw StrakeException.Unavailable("the disk is read-only");
        });
        var layer = await store.CreateWritableAsync(null, "container/1", null, Stop);
        await store.RemoveWritableAsync(layer.Id, cancellationToken: Stop);
        fails = false;
        await store.CollectAllAsync(Stop);
        await _world.AssertEmptyAsync(store);
    }

    [Fact]
    public async Task Layers_of_another_driver_are_not_taken_for_lost()
    {
        await Store.CreateWritableAsync(null, "container/1", null, Stop);
        await Store.DisposeAsync();
        IStorageDriver other = string.Equals(_world.Driver.Name, "vfs", StringComparison.Ordinal) ? new Overlay2Driver(_world.DataRoot) : new VfsDriver(_world.DataRoot);
        var options = new LayerStoreOptions { DataRoot = _world.DataRoot, Driver = other, State = _world.State };
        Assert.Equal(ErrorKind.Conflict, await KindOfAsync(() => LayerStore.OpenAsync(options, Stop)));
        await ReopenAsync();
        Assert.Single(await Store.ListWritableAsync(Stop));
    }

    static async Task<bool> LiveAsync(LayerStoreWorld world, Life life, Promises promises)
    {
        LayerStore? store = null;
        var target = world.NewTarget();
        try
        {
            store = await world.OpenAsync(life);
            var state = new MortalState(world.State, life);
            var first = await LoadAsync(store, state, promises, "image/1", Base, Top);
            var second = await LoadAsync(store, state, promises, "image/2", Base, TestLayer.Of("other"));

            var layer = await store.CreateWritableAsync(first, "container/1", null, Stop);
            promises.Container = layer;
            store.Mount(layer, LayerAccess.ReadWrite, target).Release();
            File.WriteAllText($"{target}/written", "1");
            promises.IsWritten = true;
            store.Unmount(target);

            await using (var ingest = store.BeginIngest())
            {
                var made = await store.CommitAsync(layer.Id, ingest, Stop);
                await ReferAsync(state, promises, made.Chain, "image/3");
            }

            promises.Container = null;
            promises.ContainerMayBeGone = true;
            await store.RemoveWritableAsync(layer.Id, cancellationToken: Stop);
            await SealAsync(store, state, promises, first, target);
            promises.Kept.Remove((second, "image/2"));
            promises.Going = (second, "image/2");
            await state.CommitAsync(new StateTransaction().Delete(LayerReference.Key(second, "image/2")), Stop);
            await store.CollectAsync([second], Stop);
            return !life.IsOver;
        }
        catch (Exception) when (life.IsOver)
        {
            return false;
        }
        finally
        {
            if (store is not null) await store.DisposeAsync();
            Syscall.TryUnmount(target);
        }
    }

    // A step of a build: what it wrote becomes a layer, and its container goes.
    static async Task SealAsync(LayerStore store, IStateStore state, Promises promises, ChainId below, string target)
    {
        var layer = await store.CreateWritableAsync(below, "container/2", null, Stop);
        store.Mount(layer, LayerAccess.ReadWrite, target).Release();
        File.WriteAllText($"{target}/step", "1");
        store.Unmount(target);
        await using (var ingest = store.BeginIngest())
        {
            var made = await store.SealAsync(layer.Id, ingest, latest: null, Stop);
            await ReferAsync(state, promises, made!.Chain, "image/4");
        }

        if (await store.FindWritableAsync("container/2", Stop) is { } left) await store.RemoveWritableAsync(left.Id, cancellationToken: Stop);
    }

    static async Task<ChainId> LoadAsync(LayerStore store, IStateStore state, Promises promises, string owner, params TestLayer[] layers)
    {
        await using var ingest = store.BeginIngest();
        var received = new List<ReceivedLayer>();
        foreach (var layer in layers) received.Add(await LayerStoreWorld.ReceiveAsync(ingest, layer));
        var chains = await ingest.CommitAsync(received, Stop);
        await ReferAsync(state, promises, chains[^1], owner);
        return chains[^1];
    }

    // A reference that was being written may be there or not: the records know.
    static async Task ReferAsync(IStateStore state, Promises promises, ChainId chain, string owner)
    {
        promises.Going = (chain, owner);
        await state.CommitAsync(new StateTransaction().Put(LayerReference.Key(chain, owner), default), Stop);
        promises.Going = null;
        promises.Kept.Add((chain, owner));
    }

    static async Task CheckAfterDeathAsync(LayerStoreWorld world, Promises promises, int step)
    {
        var store = await world.OpenAsync();
        var findings = await store.CheckAsync(LayerStoreWorld.NoMounts, Stop);
        Assert.True(findings.Count == 0, $"after death at step {step}: {string.Join("; ", findings)}");

        if (promises.Going is { } open && await world.State.GetAsync(LayerReference.Key(open.Chain, open.Owner), Stop) is not null) promises.Kept.Add(open);
        foreach (var (chain, _) in promises.Kept)
        {
            var layer = await store.FindAsync(chain, Stop);
            Assert.NotNull(layer);
            Assert.Equal(layer.DiffId.Digest, Digest.Of(await TarAsync(store, chain)));
            Assert.NotEqual("", await world.ContentAsync(store, chain));
        }

        await CheckContainerAsync(world, store, promises);
        foreach (var layer in await store.ListWritableAsync(Stop)) await store.RemoveWritableAsync(layer.Id, cancellationToken: Stop);
        foreach (var (chain, owner) in promises.Kept) await world.UnreferAsync(chain, owner);
        await store.CollectAllAsync(Stop);
        await world.AssertEmptyAsync(store);
    }

    static async Task CheckContainerAsync(LayerStoreWorld world, LayerStore store, Promises promises)
    {
        var found = await store.FindWritableAsync("container/1", Stop);
        if (promises.Container is { } promised) Assert.Equal(promised.Id, found?.Id);
        if (found is null || !promises.IsWritten) return;
        using var mount = store.Mount(found, LayerAccess.ReadOnly, world.NewTarget());
        Assert.Equal("d/ d/b=2 d/c=3 written=1", LayerStoreWorld.Content(mount.Target));
    }

    /// <summary>What the daemon had promised when it died.</summary>
    sealed class Promises
    {
        public HashSet<(ChainId Chain, string Owner)> Kept { get; } = [];

        public (ChainId Chain, string Owner)? Going { get; set; }

        public WritableLayer? Container { get; set; }

        public bool IsWritten { get; set; }

        public bool ContainerMayBeGone { get; set; }
    }
}
