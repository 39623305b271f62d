using System.Net.Sockets;
using Strake.Images;
using Strake.Images.Tar;

namespace Strake.Layers.Tests.Store;

public abstract partial class LayerStoreTests
{
    [Fact]
    public async Task Sealing_makes_the_layer_that_a_commit_makes_of_the_same_changes()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base);
        var layer = await WrittenAsync(chain);
        StoredLayer copied;
        await using (var ingest = Store.BeginIngest()) copied = await Store.CommitAsync(layer.Id, ingest, Stop);
        Assert.Null(await Store.FindAsync(copied.Chain, Stop));

        var made = await SealAsync(layer, "image/2");
        Assert.Equal(copied, made);
        Assert.Equal("d/ new=12345", await _world.ContentAsync(Store, made.Chain));
        Assert.Equal(made.DiffId.Digest, Digest.Of(await TarAsync(Store, made.Chain)));
        await RemoveWritableAsync();
        Assert.Equal(2, _world.Driver.List().Count);
        Assert.Equal(_world.Driver.Traits.SealsWritable, _world.Driver.List().Contains(layer.Id));

        // Others are laid on it, after a restart as well.
        await ReopenAsync();
        var above = await Store.CreateWritableAsync(made.Chain, "container/2", null, Stop);
        using (var mount = Store.Mount(above, LayerAccess.ReadWrite, _world.NewTarget())) File.Delete($"{mount.Target}/new");
        Assert.Equal("d/", await _world.ContentAsync(Store, (await SealAsync(above, "image/3")).Chain));
        await Store.RemoveWritableAsync((await Store.FindWritableAsync("container/2", Stop))?.Id ?? LayerId.New(), cancellationToken: Stop);
        await LayerStoreWorld.AssertSoundAsync(Store);
    }

    [Fact]
    public async Task A_sealed_layer_has_no_owner_and_goes_when_nothing_refers_to_it()
    {
        if (!_world.Driver.Traits.SealsWritable) return;
        var layer = await WrittenAsync(null);
        await using (var ingest = Store.BeginIngest())
        {
            Assert.NotNull(await Store.SealAsync(layer.Id, ingest, latest: null, Stop));
            Assert.Null(await Store.FindWritableAsync("container/1", Stop));
            Assert.Empty(await Store.ListWritableAsync(Stop));
            Assert.Equal(ErrorKind.Conflict, await KindOfAsync(() => Store.RemoveWritableAsync(layer.Id, cancellationToken: Stop)));
            await Store.CreateWritableAsync(null, "container/1", null, Stop);
        }

        await RemoveWritableAsync();
        await _world.AssertEmptyAsync(Store);
    }

    [Fact]
    public async Task Sealing_what_changed_nothing_makes_no_layer()
    {
        var chain = await _world.LoadAsync(Store, "image/1", Base);
        var layer = await Store.CreateWritableAsync(chain, "container/1", null, Stop);
        await using (var ingest = Store.BeginIngest()) Assert.Null(await Store.SealAsync(layer.Id, ingest, latest: null, Stop));
        Assert.Equal(layer.Id, (await Store.FindWritableAsync("container/1", Stop))?.Id);
        await LayerStoreWorld.AssertSoundAsync(Store);
    }

    [Fact]
    public async Task Sealing_what_is_stored_already_leaves_one_of_it()
    {
        var layer = await WrittenAsync(null);
        StoredLayer first;
        await using (var ingest = Store.BeginIngest())
        {
            first = await Store.CommitAsync(layer.Id, ingest, Stop);
            await _world.ReferAsync(first.Chain, "image/1");
        }

        Assert.Equal(first, await SealAsync(layer, "image/2"));
        await RemoveWritableAsync();
        Assert.Single(_world.Driver.List());
        await LayerStoreWorld.AssertSoundAsync(Store);
    }

    [Fact]
    public async Task A_sealed_layer_holds_what_its_tar_says_and_so_no_socket()
    {
        var layer = await WrittenAsync(null, root =>
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint($"{root}/s"));
        });
        var made = await SealAsync(layer, "image/1");
        await RemoveWritableAsync();
        Assert.Equal("d/ new=12345", await _world.ContentAsync(Store, made.Chain));
        await LayerStoreWorld.AssertSoundAsync(Store);
    }

    [Fact]
    public async Task No_file_of_a_sealed_layer_is_later_than_was_asked()
    {
        var layer = await WrittenAsync(null);
        await using var ingest = Store.BeginIngest();
        var made = await Store.SealAsync(layer.Id, ingest, new TarTime(1_000_000_000), Stop);
        Assert.NotNull(made);
        using var mount = await Store.MountAsync(made.Chain, _world.NewTarget(), Stop);
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(1_000_000_000), File.GetLastWriteTimeUtc($"{mount.Target}/new"));
    }

    [Fact]
    public async Task A_layer_that_could_not_be_sealed_is_the_writable_one_that_it_was()
    {
        if (!_world.Driver.Traits.SealsWritable) return;
        var layer = await WrittenAsync(null);
        await Store.DisposeAsync();
        _store = await _world.OpenAsync(Life.Endless(), sealing: () => throw StrakeException.Exhausted("the disk is full"));
        await using (var ingest = Store.BeginIngest()) Assert.Equal(ErrorKind.Exhausted, await KindOfAsync(() => Store.SealAsync(layer.Id, ingest, latest: null, Stop)));
        Assert.Equal(layer.Id, (await Store.FindWritableAsync("container/1", Stop))?.Id);
        await LayerStoreWorld.AssertSoundAsync(Store);
    }

    async Task<WritableLayer> WrittenAsync(ChainId? chain, Action<string>? more = null)
    {
        var layer = await Store.CreateWritableAsync(chain, "container/1", null, Stop);
        using var mount = Store.Mount(layer, LayerAccess.ReadWrite, _world.NewTarget());
        File.WriteAllText($"{mount.Target}/new", "12345");
        File.Delete($"{mount.Target}/a");
        if (Directory.Exists($"{mount.Target}/d")) Directory.Delete($"{mount.Target}/d", recursive: true);
        Directory.CreateDirectory($"{mount.Target}/d");
        more?.Invoke(mount.Target);
        return layer;
    }

    async Task<StoredLayer> SealAsync(WritableLayer layer, string owner)
    {
        await using var ingest = Store.BeginIngest();
        var made = await Store.SealAsync(layer.Id, ingest, latest: null, Stop) ?? throw new InvalidOperationException("Something was changed.");
        await _world.ReferAsync(made.Chain, owner);
        return made;
    }

    // As an owner does, whoever has the layer now.
    async Task RemoveWritableAsync()
    {
        if (await Store.FindWritableAsync("container/1", Stop) is { } left) await Store.RemoveWritableAsync(left.Id, cancellationToken: Stop);
    }
}
