using Strake.Conformance.FileSystems;
using Strake.Images;
using Strake.Linux;

namespace Strake.Layers.Tests.Store;

/// <summary>A data root with its records, on which stores are opened one after the other.</summary>
sealed class LayerStoreWorld : IAsyncDisposable
{
    public static readonly IReadOnlySet<string> NoMounts = new HashSet<string>();

    readonly DirectoryInfo _folder;
    readonly ScratchFileSystem? _fileSystem;
    readonly Func<string, IStorageDriver> _driver;
    readonly List<LayerStore> _stores = [];
    int _targets;

    /// <summary>Makes one in a new folder.</summary>
    /// <param name="driver">Makes the driver; gets the data root.</param>
    /// <param name="fileSystem">Where; null: where temporary files are.</param>
    public LayerStoreWorld(Func<string, IStorageDriver> driver, ScratchFileSystem? fileSystem = null)
    {
        _fileSystem = fileSystem;
        _folder = fileSystem is null ? Directory.CreateTempSubdirectory("strake-test-") : new(fileSystem.NewFolder());
        _driver = driver;
        DataRoot = _folder.CreateSubdirectory("data").FullName;
        Driver = driver(DataRoot);
        // The others can be asked and told without: what they do are folders.
        if (Driver.Traits.OwnFileSystems) Driver.Probe();
    }

    /// <summary>Another world of the same kind.</summary>
    public LayerStoreWorld Another() => new(_driver, _fileSystem);

    public string DataRoot { get; }

    public MemoryStateStore State { get; } = new();

    /// <summary>The driver as it is, past what stands between it and the store.</summary>
    public IStorageDriver Driver { get; }

    public string Splits => Path.Combine(DataRoot, "image", "splits");

    public string Spools => Path.Combine(DataRoot, "image", "ingest");

    public Task<LayerStore> OpenAsync(TimeSpan? patience = null) => OpenAsync(Life.Endless(), patience);

    public async Task<LayerStore> OpenAsync(Life life, TimeSpan? patience = null, Action<LayerId>? removing = null, Action? sealing = null)
    {
        var driver = new MortalDriver(_driver(DataRoot), life);
        if (removing is not null) driver.Removing = removing;
        if (sealing is not null) driver.Sealing = sealing;
        var options = new LayerStoreOptions { DataRoot = DataRoot, Driver = driver, State = new MortalState(State, life), Parallelism = 4 };
        // Long, for a machine may be slow, and what is removed is counted.
        options = options with { RemovalPatience = patience ?? TimeSpan.FromMinutes(2) };
        var store = await LayerStore.OpenAsync(options);
        _stores.Add(store);
        return store;
    }

    public string NewTarget() => _folder.CreateSubdirectory($"target{++_targets}").FullName;

    public async Task ReferAsync(ChainId chain, string owner) =>
        await State.CommitAsync(new StateTransaction().Put(LayerReference.Key(chain, owner), default));

    public async Task UnreferAsync(ChainId chain, string owner) =>
        await State.CommitAsync(new StateTransaction().Delete(LayerReference.Key(chain, owner)));

    /// <summary>Puts an image into a store, as the image store would, and refers to it.</summary>
    public async Task<ChainId> LoadAsync(LayerStore store, string owner, params TestLayer[] layers)
    {
        await using var ingest = store.BeginIngest();
        var received = await Task.WhenAll(layers.Select(layer => ReceiveAsync(ingest, layer)));
        var chains = await ingest.CommitAsync(received, CancellationToken.None);
        await ReferAsync(chains[^1], owner);
        return chains[^1];
    }

    public static async Task<ReceivedLayer> ReceiveAsync(ILayerIngest ingest, TestLayer layer) =>
        new(layer.DiffId, await ingest.ReceiveAsync(layer.Open(), LayerExpectation.None, null, CancellationToken.None));

    /// <summary>The files of a chain and what is in them: <c>a=1 d/ d/b=2</c>.</summary>
    public async Task<string> ContentAsync(LayerStore store, ChainId chain)
    {
        using var mount = await store.MountAsync(chain, NewTarget());
        return Content(mount.Target);
    }

    public static string Content(string root) => string.Join(' ', Directory
        .EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(root, path) + (Directory.Exists(path) ? "/" : "=" + File.ReadAllText(path)))
        .Order(StringComparer.Ordinal));

    /// <summary>Nothing is wrong, and nothing is there: no layer, no file, no record but those of others.</summary>
    public async Task AssertEmptyAsync(LayerStore store)
    {
        await AssertSoundAsync(store);
        Assert.Empty(Driver.List());
        Assert.Empty(Directory.GetFileSystemEntries(Splits));
        foreach (var prefix in new[] { "layer/", "chain/", "layer-owner/", "layer-child/" }) Assert.Empty(await State.RangeAsync(prefix));
    }

    public static async Task AssertSoundAsync(LayerStore store) => Assert.Empty(await store.CheckAsync(NoMounts));

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores) await store.DisposeAsync();
        foreach (var mount in MountTable.Below(_folder.FullName).Reverse()) Syscall.Unmount(mount.MountPoint);
        TreeRemoval.Remove(_folder.FullName);
        await State.DisposeAsync();
    }
}
