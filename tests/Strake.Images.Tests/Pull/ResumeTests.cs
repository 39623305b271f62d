namespace Strake.Images.Tests;

/// <summary>What has come once does not come again: after a cut, a cancellation, a restart; and of pulls at once only one fetches.</summary>
public sealed class ResumeTests : IAsyncLifetime
{
    static readonly TestImage s_image = TestImage.WithLayers(
        "2024-01-01T00:00:00Z", Noise(1, 300_000), Noise(2, 200_000), Noise(3, 100_000));

    readonly List<Gate> _gates = [];
    TestStore _store = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static IReadOnlyList<Digest> Blobs => [.. s_image.Layers.Select(l => Digest.Of(TestTar.Gzip(l)))];

    FakeRegistry Registry => _store.Registry;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.OpenAsync();
        Registry.Add("app", s_image);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var gate in _gates) gate.Open();
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_pull_goes_on_where_it_was(bool withRestart)
    {
        var gate = HoldBack(Blobs[0], 100_000);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var lines = new Lines();
        var pull = _store.PullAsync("app", cancel: stop.Token, lines: lines);
        await gate.Reached;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull);
        Assert.Equal(0, _store.Layers.OpenIngests);
        Assert.Contains($"{Blobs[0].Hex}.part", _store.Parts);

        if (withRestart) await _store.ReopenAsync();
        Registry.Blob = (_, _, stream) => stream;
        await _store.PullAsync("app");
        await AssertFetchedOnceAsync();
    }

    [Fact]
    public async Task A_layer_that_had_come_whole_is_not_fetched_again_when_another_failed()
    {
        Registry.Blob = (digest, offset, stream) => digest == Blobs[1] ? new CutStream(stream, 50_000) : stream;
        var cut = await Assert.ThrowsAsync<StrakeException>(() => _store.PullAsync("app"));
        Assert.Equal(ErrorKind.Unavailable, cut.Kind);
        Registry.Blob = (_, _, stream) => stream;
        await _store.PullAsync("app");
        await AssertFetchedOnceAsync();
    }

    [Fact]
    public async Task A_hundred_cuts_at_random_bytes_end_right()
    {
        var random = new Random(7);
        Registry.Blob = (digest, _, stream) =>
        {
            if (!Blobs.Contains(digest)) return stream;
            lock (random) return new CutStream(stream, random.Next(1, 20_000));
        };
        for (var round = 0; ; round++)
        {
            Assert.InRange(round, 0, 1000);
            try
            {
                await _store.PullAsync("app");
                break;
            }
            catch (StrakeException e) when (e.Kind is ErrorKind.Unavailable)
            {
                // Cut once more.
                if (round % 10 == 9) await _store.ReopenAsync();
            }
        }

        await AssertFetchedOnceAsync();
    }

    [Fact]
    public async Task A_part_that_a_power_cut_spoiled_is_fetched_anew()
    {
        var part = Path.Combine(_store.Directory, "ingest", $"{Blobs[0].Hex}.part");
        await File.WriteAllBytesAsync(part, new byte[150_000], Cancel);
        await _store.PullAsync("app");
        await AssertThereAsync();
        Assert.True(Registry.Served[Blobs[0]] >= TestTar.Gzip(s_image.Layers[0]).Length);
    }

    [Fact]
    public async Task Pulls_of_one_image_at_once_fetch_and_unpack_each_layer_once()
    {
        var gate = HoldBack(Blobs[0], 100_000);
        var first = _store.PullAsync("app");
        await gate.Reached;
        var lines = new Lines();
        var second = _store.PullAsync("app", lines: lines);
        await lines.SeenAsync("Downloading");
        gate.Open();
        await Task.WhenAll(first, second);
        await AssertFetchedOnceAsync();
        Assert.Equal(3, _store.Layers.Received);
        Assert.Equal(3, lines.Statuses.Count(s => s == "Pull complete"));
    }

    [Fact]
    public async Task Images_that_share_a_layer_fetch_it_once()
    {
        Registry.Add("child", s_image.Child("2025-01-01T00:00:00Z", "child"));
        var gate = HoldBack(Blobs[0], 100_000);
        var first = _store.PullAsync("app");
        await gate.Reached;
        var lines = new Lines();
        var second = _store.PullAsync("child", lines: lines);
        await lines.SeenAsync("Downloading");
        gate.Open();
        await Task.WhenAll(first, second);
        await AssertFetchedOnceAsync();
        Assert.Equal(4, _store.Layers.Received);
    }

    [Fact]
    public async Task Who_leaves_a_pull_does_not_stop_the_other()
    {
        var gate = HoldBack(Blobs[0], 100_000);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var first = _store.PullAsync("app", cancel: stop.Token);
        await gate.Reached;
        var lines = new Lines();
        var second = _store.PullAsync("app", lines: lines);
        await lines.SeenAsync("Downloading");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.Open();
        await second;
        await AssertFetchedOnceAsync();
    }

    [Fact]
    public async Task Old_parts_go_when_the_store_is_opened_and_with_a_prune()
    {
        string[] files = [$"{Blobs[0].Hex}.part", $"{Blobs[1].Hex}.part", "stranger", $"{Blobs[1].Hex}.part.x"];
        foreach (var file in files) await File.WriteAllTextAsync(Path.Combine(_store.Directory, "ingest", file), "x", Cancel);
        File.SetLastWriteTimeUtc(Path.Combine(_store.Directory, "ingest", files[0]), TimeProvider.System.GetUtcNow().UtcDateTime - PartAge);
        await _store.ReopenAsync();
        Assert.Equal([files[1]], _store.Parts);

        File.SetLastWriteTimeUtc(Path.Combine(_store.Directory, "ingest", files[1]), TimeProvider.System.GetUtcNow().UtcDateTime - PartAge);
        await _store.Images.PruneAsync(new ImagePruneQuery(), Cancel);
        Assert.Empty(_store.Parts);
    }

    static TimeSpan PartAge => TimeSpan.FromHours(25);

    async Task AssertFetchedOnceAsync()
    {
        await AssertThereAsync();
        Assert.All(s_image.Layers, layer => Assert.Equal(TestTar.Gzip(layer).Length, Registry.Served[Digest.Of(TestTar.Gzip(layer))]));
    }

    async Task AssertThereAsync()
    {
        Assert.Equal(s_image.Id, (await _store.Images.GetAsync("app", Cancel)).Id);
        Assert.Empty(_store.Parts);
        Assert.Equal(0, _store.Layers.OpenIngests);
        await _store.AssertSoundAsync();
    }

    Gate HoldBack(Digest blob, int after)
    {
        var gate = new Gate(after);
        _gates.Add(gate);
        Registry.Blob = (digest, offset, stream) => digest == blob ? gate.Before(stream) : stream;
        return gate;
    }

    static byte[] Noise(int seed, int length)
    {
        var noise = new byte[length];
        new Random(seed).NextBytes(noise);
        return new TestTar().File("noise", noise).ToArray();
    }

    /// <summary>Ends early, as a connection that breaks.</summary>
    sealed class CutStream(Stream stream, int after) : MemoryStream
    {
        int _left = after;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await stream.ReadAsync(buffer[..Math.Min(_left, buffer.Length)], cancellationToken);
            _left -= read;
            return read;
        }
    }

    /// <summary>Holds a stream back at a byte until it is opened.</summary>
    sealed class Gate(int after)
    {
        readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);

        public void Open() => _open.TrySetResult();

        public Stream Before(Stream stream) => new Gated(this, stream);

        sealed class Gated(Gate gate, Stream stream) : MemoryStream
        {
            int _left = gate.After;

            public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            {
                if (_left == 0)
                {
                    gate._reached.TrySetResult();
                    await gate._open.Task.WaitAsync(cancellationToken);
                    return await stream.ReadAsync(buffer, cancellationToken);
                }

                var read = await stream.ReadAsync(buffer[..Math.Min(_left, buffer.Length)], cancellationToken);
                _left -= read;
                return read;
            }
        }

        int After => after;
    }
}
