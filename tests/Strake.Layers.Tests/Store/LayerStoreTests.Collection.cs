using Strake.Images;

namespace Strake.Layers.Tests.Store;

public abstract partial class LayerStoreTests
{
    [Fact]
    public async Task An_images_layers_go_down_to_what_another_image_needs()
    {
        var other = TestLayer.Of("other");
        var one = await _world.LoadAsync(Store, "image/1", Base, Top);
        var two = await _world.LoadAsync(Store, "image/2", Base, other);

        Assert.Empty(await Store.CollectAsync([one, two], Stop));
        await _world.UnreferAsync(one, "image/1");
        Assert.Equal([one], (await Store.CollectAsync([one], Stop)).Select(layer => layer.Chain));
        Assert.Empty(await Store.CollectAsync([one], Stop));
        Assert.Equal("a=1 d/ d/b=2 other=other", await _world.ContentAsync(Store, two));
        await LayerStoreWorld.AssertSoundAsync(Store);

        await _world.UnreferAsync(two, "image/2");
        Assert.Equal([two, ChainId.Of(null, Base.DiffId)], (await Store.CollectAsync([two], Stop)).Select(layer => layer.Chain));
        await _world.AssertEmptyAsync(Store);
    }

    [Fact]
    public async Task A_container_keeps_its_image()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base, Top);
        var layer = await Store.CreateWritableAsync(chain, "container/1", null, Stop);
        await _world.UnreferAsync(chain, "image/1");
        Assert.Empty(await Store.CollectAllAsync(Stop));
        await ReopenAsync();
        Assert.NotNull(await Store.FindAsync(chain, Stop));
        await Store.RemoveWritableAsync(layer.Id, cancellationToken: Stop);
        await _world.AssertEmptyAsync(Store);
    }

    [Fact]
    public async Task An_image_removed_while_an_ingest_holds_it_goes_with_the_ingest()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base, Top);
        await using (var ingest = Store.BeginIngest())
        {
            Assert.NotNull(await ingest.HoldAsync(chain, Stop));
            await _world.UnreferAsync(chain, "image/1");
            Assert.Empty(await Store.CollectAsync([chain], Stop));
        }

        await _world.AssertEmptyAsync(Store);
    }

    [Fact]
    public async Task A_container_that_is_still_being_removed_does_not_keep_its_image()
    {
        using var gate = new ManualResetEventSlim();
        var store = await _world.OpenAsync(Life.Endless(), TimeSpan.Zero, _ => gate.Wait(Stop));
        var chain = await _world.LoadAsync(store, "image/1", Base);
        var layer = await store.CreateWritableAsync(chain, "container/1", null, Stop);
        await store.RemoveWritableAsync(layer.Id, cancellationToken: Stop);
        await _world.UnreferAsync(chain, "image/1");
        var removed = await store.CollectAsync([chain], Stop);
        gate.Set();
        Assert.Single(removed);
        await _world.AssertEmptyAsync(store);
    }

    [Fact]
    public async Task A_mounted_image_is_kept()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base);
        using (await Store.MountAsync(chain, _world.NewTarget(), Stop))
        {
            await _world.UnreferAsync(chain, "image/1");
            Assert.Empty(await Store.CollectAsync([chain], Stop));
        }

        Assert.Single(await Store.CollectAsync([chain], Stop));
    }

    [Fact]
    public async Task An_image_is_mounted_by_many_at_once()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base, TestLayer.Of("b=2"));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                for (var round = 0; round < 30; round++) Assert.EndsWith("b=2", await ContentOfHeldAsync(chain), StringComparison.Ordinal);
            },
            Stop)));
    }

    [Fact]
    public async Task Collecting_what_is_not_there_does_nothing() =>
        Assert.Empty(await Store.CollectAsync([ChainId.Of(null, Base.DiffId)], Stop));

    [Fact]
    public async Task An_image_that_is_removed_and_loaded_at_once_is_there_or_not_and_never_half()
    {
        var layers = Enumerable.Range(0, 3).Select(i => TestLayer.Of($"{i}")).ToArray();
        var chain = ChainId.Of([.. layers.Select(layer => layer.DiffId)])[^1];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(loader => Task.Run(
            async () =>
            {
                for (var round = 0; round < 15; round++)
                {
                    await _world.LoadAsync(Store, $"image/{loader}", layers);
                    Assert.Equal("0=0 1=1 2=2", await ContentOfHeldAsync(chain));
                    await _world.UnreferAsync(chain, $"image/{loader}");
                    await Store.CollectAsync([chain], Stop);
                }
            },
            Stop)));
        await Store.CollectAllAsync(Stop);
        await _world.AssertEmptyAsync(Store);
    }

    async Task<string> ContentOfHeldAsync(ChainId chain)
    {
        var target = Directory.CreateTempSubdirectory("strake-test-").FullName;
        try
        {
            using var mount = await Store.MountAsync(chain, target, Stop);
            return LayerStoreWorld.Content(target);
        }
        finally
        {
            Directory.Delete(target);
        }
    }
}
