namespace Strake.Images.Tests;

/// <summary>An image store over layers and records in memory and a folder of its own.</summary>
sealed class TestStore : IDisposable
{
    readonly TestFolder _folder = new();

    TestStore()
    {
        State = new MemoryStateStore();
        Layers = new FakeImageLayers(State);
    }

    public MemoryStateStore State { get; }

    public FakeImageLayers Layers { get; }

    public TestUsers Users { get; } = new();

    public FakeRegistry Registry { get; } = new();

    public List<EngineEvent> Events { get; } = [];

    public ImageStore Images { get; private set; } = null!;

    public string Directory => _folder.At("image");

    public IReadOnlyList<string> Blobs => [.. System.IO.Directory.EnumerateFiles(System.IO.Path.Combine(Directory, "blobs/sha256")).Select(f => System.IO.Path.GetFileName(f)!)];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<TestStore> OpenAsync()
    {
        var store = new TestStore();
        await store.ReopenAsync();
        return store;
    }

    /// <summary>As a restart of the daemon, over other records where a test wants those to fail.</summary>
    public async Task ReopenAsync(IStateStore? state = null)
    {
        await Layers.RestartAsync();
        Images = await ImageStore.OpenAsync(
            new ImageStoreOptions
            {
                Directory = Directory,
                State = state ?? State,
                Layers = Layers,
                Users = Users,
                Repositories = Registry.Open,
                Events = e =>
                {
                    lock (Events) Events.Add(e);
                },
                Platform = new Platform { Os = "linux", Architecture = "amd64" },
            },
            Cancel);
    }

    public Task<IReadOnlyList<LoadedImage>> LoadAsync(TestTar archive) => LoadAsync(archive.ToArray());

    public Task<IReadOnlyList<LoadedImage>> LoadAsync(byte[] archive) => Images.LoadAsync(new MemoryStream(archive), progress: null, Cancel);

    public async Task<byte[]> SaveAsync(params string[] names)
    {
        using var target = new MemoryStream();
        await Images.SaveAsync(names, target, Cancel);
        return target.ToArray();
    }

    /// <summary>Files of blobs that are under way.</summary>
    public IReadOnlyList<string> Parts => [.. System.IO.Directory.EnumerateFiles(System.IO.Path.Combine(Directory, "ingest")).Select(f => System.IO.Path.GetFileName(f)!)];

    public async Task<Lines> PullAsync(string name, Platform? platform = null, bool allTags = false, CancellationToken? cancel = null, Lines? lines = null)
    {
        lines ??= new Lines();
        await Images.PullAsync(new PullRequest(ImageReference.Parse(name)) { Platform = platform, AllTags = allTags }, lines, cancel ?? Cancel);
        return lines;
    }

    public async Task<Lines> PushAsync(string name)
    {
        var lines = new Lines();
        await Images.PushAsync(new PushRequest(ImageReference.Parse(name)), lines, Cancel);
        return lines;
    }

    public Task<IReadOnlyList<ImageSummary>> ListAsync(ImageQuery? query = null) => Images.ListAsync(query ?? new ImageQuery { All = true }, Cancel);

    /// <summary>Names and IDs that a removal reports, layers left out.</summary>
    public async Task<IReadOnlyList<string>> RemoveAsync(string name, bool force = false) =>
        [.. (await Images.RemoveAsync(name, new ImageRemovalOptions(force), Cancel)).Select(r => r.Untagged ?? r.Deleted!)];

    /// <summary>Nothing is there: no image, name, config, layer, reference, ingest.</summary>
    /// <param name="waiting">Blobs of which a part may wait for the next pull; null: none may.</param>
    public async Task AssertEmptyAsync(IReadOnlyList<Digest>? waiting = null)
    {
        Assert.Empty(await State.RangeAsync("", Cancel));
        Assert.Empty(Blobs);
        Assert.Empty(Layers.Chains);
        Assert.Equal(0, Layers.OpenIngests);
        Assert.DoesNotContain(Parts, part => waiting?.Any(blob => part.StartsWith(blob.Hex, StringComparison.Ordinal)) != true);
    }

    public async Task AssertSoundAsync() => Assert.Empty(await Images.CheckAsync(Cancel));

    public void Dispose() => _folder.Dispose();
}
