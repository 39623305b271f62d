using Strake.Conformance.FileSystems;
using Strake.Images;

namespace Strake.Layers.Tests.Store;

/// <summary>The laws of the layer store, with a driver of each kind; the parts of this class are its chapters.</summary>
public abstract partial class LayerStoreTests : IAsyncLifetime
{
    static readonly TestLayer Base = TestLayer.Of("a=1", "d/", "d/b=2");
    static readonly TestLayer Top = TestLayer.Of(".wh.a", "d/", "d/c=3");

    readonly LayerStoreWorld _world;
    LayerStore? _store;

    protected LayerStoreTests(Func<string, IStorageDriver> driver, ScratchFileSystem? fileSystem = null) => _world = new(driver, fileSystem);

    LayerStore Store => _store ?? throw new InvalidOperationException("The store is not open.");

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await _world.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Where a file's content lies, for a driver that keeps it elsewhere than under its name.</summary>
    protected virtual string ContentOf(string file) => file;

    async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        _store = await _world.OpenAsync();
    }

    static async Task<ErrorKind> KindOfAsync(Func<Task> action) => (await Assert.ThrowsAsync<StrakeException>(action)).Kind;

    static async Task<byte[]> TarAsync(LayerStore store, ChainId chain)
    {
        using var bytes = new MemoryStream();
        await store.WriteTarAsync(chain, bytes, Stop);
        return bytes.ToArray();
    }
}
