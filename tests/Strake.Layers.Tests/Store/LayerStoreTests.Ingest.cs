using System.Security.Cryptography;
using Strake.Images;
using Strake.Linux;

namespace Strake.Layers.Tests.Store;

public abstract partial class LayerStoreTests
{
    [Fact]
    public async Task Committed_layers_are_found_under_their_chains_and_give_their_tars_back()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base, Top);
        var chains = ChainId.Of([Base.DiffId, Top.DiffId]);
        Assert.Equal(chains[1], chain);

        var top = await Store.FindAsync(chains[1], Stop);
        Assert.Equal(new StoredLayer(chains[1], chains[0], Top.DiffId, 1, Top.Tar.Length), top);
        var below = await Store.FindAsync(chains[0], Stop);
        Assert.Equal(new StoredLayer(chains[0], null, Base.DiffId, 2, Base.Tar.Length), below);
        Assert.Equal("d/ d/b=2 d/c=3", await _world.ContentAsync(Store, chains[1]));
        Assert.Equal("a=1 d/ d/b=2", await _world.ContentAsync(Store, chains[0]));
        Assert.Equal(Top.Tar, await TarAsync(Store, chains[1]));
        Assert.Equal(Base.Tar, await TarAsync(Store, chains[0]));
        await LayerStoreWorld.AssertSoundAsync(Store);

        await ReopenAsync();
        Assert.Equal(top, await Store.FindAsync(chains[1], Stop));
        Assert.Equal("d/ d/b=2 d/c=3", await _world.ContentAsync(Store, chains[1]));
        await LayerStoreWorld.AssertSoundAsync(Store);
    }

    [Fact]
    public async Task A_layer_that_expands_too_far_is_refused_by_the_setting_and_leaves_nothing()
    {
        await Store.DisposeAsync();
        var options = new LayerStoreOptions
        {
            DataRoot = _world.DataRoot,
            Driver = _world.Driver,
            State = _world.State,
            Expansion = new ExpansionLimit { MaxBytes = 1 << 20, Setting = "max-layer-size" },
        };
        await using (var store = await LayerStore.OpenAsync(options, Stop))
        await using (var ingest = store.BeginIngest())
        {
            var bomb = TestLayer.Of("zeros=" + new string('0', 2 << 20)).Gzip();
            var error = await Assert.ThrowsAsync<StrakeException>(() => ingest.ReceiveAsync(new MemoryStream(bomb), LayerExpectation.None, null, Stop));
            Assert.Equal(ErrorKind.TooLarge, error.Kind);
            Assert.Contains("raise it by max-layer-size", error.Message, StringComparison.Ordinal);
        }

        await ReopenAsync();
        await _world.AssertEmptyAsync(Store);
    }

    [Fact]
    public async Task What_a_tar_replaced_itself_comes_back_and_leaves_no_file()
    {
        var twice = TestLayer.Of("a=first", "a=second");
        var chain = await _world.LoadAsync(Store, "image/1", twice);
        Assert.Equal(twice.Tar, await TarAsync(Store, chain));
        Assert.Empty(Directory.GetFiles(_world.Spools));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("cut short")]
    [InlineData("another's")]
    [InlineData("damaged within")]
    public async Task A_layer_that_comes_again_mends_its_split_record(string damage)
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base, Top);
        var chains = ChainId.Of([Base.DiffId, Top.DiffId]);
        foreach (var path in Directory.GetFiles(_world.Splits)) Damage(path, damage);
        Assert.Equal(ErrorKind.DataLoss, await KindOfAsync(() => TarAsync(Store, chain)));
        Assert.Equal(2, (await Store.CheckAsync(LayerStoreWorld.NoMounts, Stop)).Count);

        await using (var ingest = Store.BeginIngest())
        {
            // Only what is damaged within must be read to be known for that.
            Assert.Equal(damage == "damaged within", await ingest.HoldAsync(chain, Stop) is not null);
            await ingest.CommitAsync([await LayerStoreWorld.ReceiveAsync(ingest, Base), await LayerStoreWorld.ReceiveAsync(ingest, Top)], Stop);
        }

        Assert.Equal(Base.Tar, await TarAsync(Store, chains[0]));
        Assert.Equal(Top.Tar, await TarAsync(Store, chains[1]));
        Assert.Equal(2, _world.Driver.List().Count);
        await LayerStoreWorld.AssertSoundAsync(Store);
    }

    static void Damage(string path, string damage)
    {
        var bytes = File.ReadAllBytes(path);
        switch (damage)
        {
            case "missing":
                File.Delete(path);
                break;
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            case "cut short":
                File.WriteAllBytes(path, bytes[..^1]);
                break;
            case "another's":
                bytes[^1] ^= 1;
                File.WriteAllBytes(path, bytes);
                break;
            default:
                bytes[bytes.Length / 2] ^= 1;
                File.WriteAllBytes(path, bytes);
                break;
        }
    }

    [Fact]
    public async Task The_receipt_says_what_came()
    {
        await using var ingest = Store.BeginIngest();
        var blob = Base.Gzip();
        var steps = new List<long>();
        var receipt = await ingest.ReceiveAsync(new MemoryStream(blob), LayerExpectation.None, new Steps(steps), Stop);
        Assert.Equal(Base.DiffId, receipt.DiffId);
        Assert.Equal(Digest.FromHash(SHA256.HashData(blob)), receipt.Blob);
        Assert.Equal((Compression.Gzip, blob.Length, Base.Tar.Length), (receipt.Compression, receipt.BlobSizeBytes, receipt.TarSizeBytes));
        Assert.Equal(blob.Length, steps[^1]);
        var chains = await ingest.CommitAsync([new(Base.DiffId, receipt)], Stop);
        Assert.Equal(Base.Tar, await TarAsync(Store, chains[0]));
    }

    [Fact]
    public async Task What_is_received_and_not_committed_leaves_nothing()
    {
        await using (var ingest = Store.BeginIngest())
        {
            await LayerStoreWorld.ReceiveAsync(ingest, Base);
            await LayerStoreWorld.ReceiveAsync(ingest, Top);
        }

        await _world.AssertEmptyAsync(Store);
    }

    [Fact]
    public async Task What_is_committed_and_not_referred_to_leaves_nothing()
    {
        await using (var ingest = Store.BeginIngest())
        {
            var layers = new[] { await LayerStoreWorld.ReceiveAsync(ingest, Base), await LayerStoreWorld.ReceiveAsync(ingest, Top) };
            await ingest.CommitAsync(layers, Stop);
            Assert.NotNull(await Store.FindAsync(ChainId.Of(null, Base.DiffId), Stop));
            Assert.Empty(await Store.CollectAllAsync(Stop));
        }

        await _world.AssertEmptyAsync(Store);
    }

    [Fact]
    public async Task Layers_that_are_not_what_was_announced_are_refused_and_leave_nothing()
    {
        var other = Digest.Of("other"u8);
        LayerExpectation[] lies =
        [
            new(Blob: other), new(BlobSizeBytes: 1), new(BlobSizeBytes: 1_000_000), new(DiffId: new(other)),
            new(Digest.Of(Base.Tar), Base.Tar.Length, new(other)),
        ];
        foreach (var lie in lies)
        {
            await using var ingest = Store.BeginIngest();
            Assert.Equal(ErrorKind.DataLoss, await KindOfAsync(() => ingest.ReceiveAsync(Base.Open(), lie, null, Stop)));
        }

        await _world.AssertEmptyAsync(Store);
    }

    [Fact]
    public async Task Truncated_and_senseless_layers_are_refused_and_leave_nothing()
    {
        byte[][] bad = [Base.Gzip()[..^20], [.. Base.Tar[..600], 1, 2, 3], RandomNumberGenerator.GetBytes(5000)];
        foreach (var bytes in bad)
        {
            await using var ingest = Store.BeginIngest();
            await Assert.ThrowsAsync<StrakeException>(async () =>
            {
                var receipt = await ingest.ReceiveAsync(new MemoryStream(bytes), LayerExpectation.None, null, Stop);
                await ingest.CommitAsync([new(receipt.DiffId, receipt)], Stop);
            });
        }

        await _world.AssertEmptyAsync(Store);
    }

    [Fact]
    public async Task A_layer_that_the_image_does_not_name_is_refused()
    {
        await using (var ingest = Store.BeginIngest())
        {
            var received = await LayerStoreWorld.ReceiveAsync(ingest, Base);
            Assert.Equal(ErrorKind.DataLoss, await KindOfAsync(() => ingest.CommitAsync([received with { DiffId = Top.DiffId }], Stop)));
        }

        await _world.AssertEmptyAsync(Store);
    }

    [Fact]
    public async Task A_layer_that_is_neither_stored_nor_received_is_missing()
    {
        await using (var ingest = Store.BeginIngest())
        {
            var top = await LayerStoreWorld.ReceiveAsync(ingest, Top);
            Assert.Equal(ErrorKind.NotFound, await KindOfAsync(() => ingest.CommitAsync([new(Base.DiffId, null), top], Stop)));
        }

        await _world.AssertEmptyAsync(Store);
        Assert.Equal(ErrorKind.NotFound, await KindOfAsync(() => TarAsync(Store, ChainId.Of(null, Base.DiffId))));
        Assert.Null(await Store.FindAsync(ChainId.Of(null, Base.DiffId), Stop));
    }

    [Fact]
    public async Task Receipts_of_another_ingest_are_refused()
    {
        await using var first = Store.BeginIngest();
        await using var second = Store.BeginIngest();
        var received = await LayerStoreWorld.ReceiveAsync(first, Base);
        await Assert.ThrowsAsync<ArgumentException>(() => second.CommitAsync([received], Stop));
    }

    [Fact]
    public async Task Layers_may_come_in_any_order_and_be_committed_again()
    {
        await using var ingest = Store.BeginIngest();
        var top = await LayerStoreWorld.ReceiveAsync(ingest, Top);
        var below = await LayerStoreWorld.ReceiveAsync(ingest, Base);
        var chains = await ingest.CommitAsync([below, top], Stop);
        Assert.Equal(chains, await ingest.CommitAsync([below, top], Stop));
        Assert.Equal("d/ d/b=2 d/c=3", await _world.ContentAsync(Store, chains[1]));
        Assert.Equal(2, _world.Driver.List().Count);
    }

    [Fact]
    public async Task A_stored_layer_is_held_and_need_not_be_sent()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base);
        await using var ingest = Store.BeginIngest();
        Assert.Equal(Base.DiffId, (await ingest.HoldAsync(chain, Stop))?.DiffId);
        Assert.Null(await ingest.HoldAsync(ChainId.Of(chain, Top.DiffId), Stop));

        await _world.UnreferAsync(chain, "image/1");
        Assert.Empty(await Store.CollectAsync([chain], Stop));
        var chains = await ingest.CommitAsync([new(Base.DiffId, null), await LayerStoreWorld.ReceiveAsync(ingest, Top)], Stop);
        await _world.ReferAsync(chains[1], "image/2");
        await ingest.DisposeAsync();
        Assert.Equal("d/ d/b=2 d/c=3", await _world.ContentAsync(Store, chains[1]));
        await LayerStoreWorld.AssertSoundAsync(Store);
    }

    [Fact]
    public async Task The_same_layer_twice_in_an_image_lies_in_two_places()
    {
        var empty = TestLayer.Of("x=1");
        await using (var ingest = Store.BeginIngest())
        {
            // Once sent once, and once sent twice.
            var first = await LayerStoreWorld.ReceiveAsync(ingest, empty);
            var second = await LayerStoreWorld.ReceiveAsync(ingest, empty);
            var chains = await ingest.CommitAsync([first, second, first, first], Stop);
            await _world.ReferAsync(chains[^1], "image/1");
            Assert.Equal(4, chains.Distinct().Count());
            foreach (var chain in chains) Assert.Equal(empty.Tar, await TarAsync(Store, chain));
        }

        Assert.Equal(4, _world.Driver.List().Count);
        await LayerStoreWorld.AssertSoundAsync(Store);
    }

    [Fact]
    public async Task Two_images_of_one_ingest_share_what_they_begin_with()
    {
        var other = TestLayer.Of("other");
        await using var ingest = Store.BeginIngest();
        var below = await LayerStoreWorld.ReceiveAsync(ingest, Base);
        var one = await ingest.CommitAsync([below, await LayerStoreWorld.ReceiveAsync(ingest, Top)], Stop);
        var two = await ingest.CommitAsync([below, await LayerStoreWorld.ReceiveAsync(ingest, other)], Stop);
        Assert.Equal(one[0], two[0]);
        Assert.Equal("a=1 d/ d/b=2 other=other", await _world.ContentAsync(Store, two[1]));
        Assert.Equal(3, _world.Driver.List().Count);
    }

    [Fact]
    public async Task The_same_image_sent_by_several_at_once_is_stored_once()
    {
        var layers = Enumerable.Range(0, 5).Select(i => TestLayer.Of($"{i}", $"shared={i}")).ToArray();
        var chains = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => _world.LoadAsync(Store, $"image/{i}", layers), Stop)));
        Assert.Single(chains.Distinct());
        Assert.Equal("0=0 1=1 2=2 3=3 4=4 shared=4", await _world.ContentAsync(Store, chains[0]));
        await LayerStoreWorld.AssertSoundAsync(Store);
        Assert.Equal(5, _world.Driver.List().Count);
    }

    [Fact]
    public async Task A_hard_link_to_a_file_of_a_lower_layer_is_that_file()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base, TestLayer.Of("link->d/b"));
        Assert.Equal("a=1 d/ d/b=2 link=2", await _world.ContentAsync(Store, chain));
    }

    [Fact]
    public async Task A_hard_link_to_nothing_is_refused_and_leaves_nothing()
    {
        Assert.Equal(ErrorKind.Invalid, await KindOfAsync(() => _world.LoadAsync(Store, "image/1", Base, TestLayer.Of("link->nowhere"))));
        await _world.AssertEmptyAsync(Store);
    }

    [Fact]
    public async Task Directories_without_an_entry_keep_what_lower_layers_say_of_them()
    {
        var chain = await _world.LoadAsync(Store, "image/1", TestLayer.Of("d/"), TestLayer.Of("d/x=1"));
        using var mount = await Store.MountAsync(chain, _world.NewTarget(), Stop);
        Assert.Equal(Permissions.Octal0711, File.GetUnixFileMode($"{mount.Target}/d"));
    }

    [Fact]
    public async Task Too_many_layers_are_refused()
    {
        await using var ingest = Store.BeginIngest();
        var layers = Enumerable.Repeat(new ReceivedLayer(Base.DiffId, null), 126).ToArray();
        Assert.Equal(ErrorKind.Invalid, await KindOfAsync(() => ingest.CommitAsync(layers, Stop)));
    }

    [Fact]
    public async Task A_transfer_that_is_given_up_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        await using (var ingest = Store.BeginIngest())
        {
            var source = new GivenUpStream(Base.Tar, stop);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ingest.ReceiveAsync(source, LayerExpectation.None, null, stop.Token));
        }

        await _world.AssertEmptyAsync(Store);
    }

    [Fact]
    public async Task A_disk_that_fails_fails_all_that_were_writing_to_it_and_nobody_after()
    {
        var fails = true;
        var store = await _world.OpenAsync(Life.Endless(), sealing: () =>
        {
            if (fails) throw StrakeException.Unavailable("EIO");
        });
        await using (var first = store.BeginIngest())
        await using (var second = store.BeginIngest())
        {
            var one = await LayerStoreWorld.ReceiveAsync(first, Base);
            var two = await LayerStoreWorld.ReceiveAsync(second, Top);
            Assert.Equal(ErrorKind.Unavailable, await KindOfAsync(() => first.CommitAsync([one], Stop)));
            // The kernel tells of a failure once: to the first that asks.
            fails = false;
            Assert.Equal(ErrorKind.Unavailable, await KindOfAsync(() => second.CommitAsync([two], Stop)));
        }

        await _world.AssertEmptyAsync(store);
        await _world.LoadAsync(store, "image/1", Base);
    }

    [Fact]
    public async Task An_ingest_may_be_disposed_twice_and_not_used_then()
    {
        var ingest = Store.BeginIngest();
        await ingest.DisposeAsync();
        await ingest.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => LayerStoreWorld.ReceiveAsync(ingest, Base));
    }

    sealed class Steps(List<long> steps) : IProgress<long>
    {
        public void Report(long value) => steps.Add(value);
    }

    /// <summary>Gives a half of its bytes; then its reader's token is cancelled.</summary>
    sealed class GivenUpStream(byte[] bytes, CancellationTokenSource stop) : MemoryStream(bytes[..(bytes.Length / 2)])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            if (read > 0) return read;
            await stop.CancelAsync();
            throw new OperationCanceledException(stop.Token);
        }
    }
}
