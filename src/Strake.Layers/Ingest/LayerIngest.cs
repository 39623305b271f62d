using Strake.Images;

namespace Strake.Layers;

/// <summary>An ingest of the store: what it received, what it holds, what it has committed.</summary>
sealed class LayerIngest(LayerStore store, IngestTools tools) : ILayerIngest
{
    // Docker's: an image with more could not be run with drivers that stack 128 and want some for themselves.
    public const int MostLayers = 125;

    readonly Lock gate = new();
    readonly int failuresAtBegin = tools.Flush.Failures;
    readonly Dictionary<int, ReceivedContent> received = [];
    readonly List<IDisposable> holds = [];
    readonly HashSet<LayerId> committed = [];
    readonly HashSet<ChainId> tops = [];
    int tokens;
    bool disposed;

    /// <summary>Whether a store began it.</summary>
    public bool IsOf(LayerStore other) => ReferenceEquals(store, other);

    /// <inheritdoc/>
    public async Task<LayerReceipt> ReceiveAsync(Stream source, LayerExpectation expected, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        await tools.Slots.WaitAsync(cancellationToken);
        try
        {
            var content = await tools.Intake.ReceiveAsync(source, expected, progress, cancellationToken);
            return Keep(content);
        }
        finally
        {
            tools.Slots.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<StoredLayer?> HoldAsync(ChainId chain, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var hold = await tools.Holds.HoldAsync(chain, cancellationToken);
        var layer = await tools.Records.FindAsync(chain, cancellationToken);
        // A layer whose tar cannot be given back must come again, and is mended then.
        if (layer is null || !await tools.Splits.SeemsWholeAsync(layer, cancellationToken))
        {
            hold.Dispose();
            return null;
        }

        Keep(hold);
        Note(chain);
        return layer.Entry.ToStored();
    }

    /// <summary>How many flushes had failed when it began: see <see cref="LayerFlush.Seal"/>.</summary>
    public int FailuresAtBegin => failuresAtBegin;

    /// <summary>Keeps a chain that is about to be made.</summary>
    public async ValueTask KeepAsync(ChainId chain, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        Keep(await tools.Holds.HoldAsync(chain, cancellationToken));
        Note(chain);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ChainId>> CommitAsync(IReadOnlyList<ReceivedLayer> layers, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (layers.Count > MostLayers) throw StrakeException.Invalid($"an image of {layers.Count} layers; the most is {MostLayers}");
        var contents = layers.Select(ContentOf).ToList();
        var chains = ChainId.Of([.. layers.Select(layer => layer.DiffId)]);
        foreach (var chain in chains) Keep(await tools.Holds.HoldAsync(chain, cancellationToken));
        if (chains.Count > 0) Note(chains[^1]);
        // Another ingest may be faster with one of the chains: then the next round finds it stored.
        while (!await TryCommitAsync(chains, contents, cancellationToken))
        {
        }

        return chains;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        var abandoned = received.Values.SelectMany(tools.Intake.Abandon).Where(layer => !committed.Contains(layer.Id));
        foreach (var hold in holds) hold.Dispose();
        // An image's record keeps what was committed and held from here on; what none keeps, or no more, goes too.
        await store.EndIngestAsync([.. abandoned], tops);
    }

    async Task<bool> TryCommitAsync(IReadOnlyList<ChainId> chains, List<ReceivedContent?> contents, CancellationToken cancellationToken)
    {
        var placed = new List<Layer>();
        Layer? below = null;
        for (var i = 0; i < chains.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var stored = await tools.Records.FindAsync(chains[i], cancellationToken);
            if (stored is not null && contents[i] is { } again) await MendAsync(stored, again, new(chains[i], below), cancellationToken);
            below = stored ?? await tools.Intake.PlaceAsync(contents[i] ?? throw Missing(chains[i], i), new(chains[i], below), cancellationToken);
            if (stored is null) placed.Add(below);
        }

        return placed.Count == 0 || await SealAsync(placed);
    }

    // What is laid here for its split record alone goes with the ingest.
    async Task MendAsync(Layer stored, ReceivedContent content, LayerPlace place, CancellationToken cancellationToken)
    {
        if (await tools.Splits.IsWholeAsync(stored, cancellationToken)) return;
        await tools.Splits.TakeOverAsync(stored, await tools.Intake.PlaceAsync(content, place, cancellationToken), cancellationToken);
    }

    // The point of no return lies before the records: what is committed is not taken back.
    async Task<bool> SealAsync(List<Layer> placed)
    {
        var ids = placed.Select(layer => layer.Id).ToList();
        await Task.Factory.StartNew(
            () => tools.Flush.Seal(ids, failuresAtBegin), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        FaultPoint.Reach("layer.commit.sealed");
        if (!await tools.Records.TryCommitAsync(placed.Select(Committed))) return false;
        FaultPoint.Reach("layer.commit.committed");
        lock (gate) committed.UnionWith(ids);
        return true;
    }

    static Layer Committed(Layer layer) => layer with { Entry = layer.Entry with { State = LayerState.Committed } };

    ReceivedContent? ContentOf(ReceivedLayer layer)
    {
        if (layer.Receipt is not { } receipt) return null;
        ReceivedContent? content;
        lock (gate) received.TryGetValue(receipt.Token, out content);
        if (content is null || content.Blob != receipt.Blob)
            throw new ArgumentException($"The receipt for {receipt.DiffId} is not this ingest's.", nameof(layer));
        return content.DiffId == layer.DiffId
            ? content
            : throw StrakeException.DataLoss($"a layer is {content.DiffId}, and the image says {layer.DiffId}");
    }

    LayerReceipt Keep(ReceivedContent content)
    {
        lock (gate)
        {
            received.Add(++tokens, content);
            return content.ToReceipt(tokens);
        }
    }

    void Keep(IDisposable hold)
    {
        lock (gate) holds.Add(hold);
    }

    void Note(ChainId chain)
    {
        lock (gate) tops.Add(chain);
    }

    static StrakeException Missing(ChainId chain, int index) =>
        StrakeException.NotFound($"layer {index + 1} of the image, chain {chain}, is not stored and was not received");
}
