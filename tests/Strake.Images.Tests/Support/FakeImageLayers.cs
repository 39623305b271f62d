using System.Security.Cryptography;
using Strake.Images.Tar;

namespace Strake.Images.Tests;

/// <summary>
/// Layers kept as tars in memory, with the laws of <see cref="IImageLayers"/>: what was not committed goes with its ingest,
/// and nothing is collected that a reference, a layer above or an open ingest keeps.
/// </summary>
sealed class FakeImageLayers(IStateStore state) : IImageLayers
{
    readonly Lock _gate = new();
    readonly Dictionary<ChainId, (StoredLayer Layer, byte[] Tar)> _layers = [];
    readonly List<Ingest> _ingests = [];

    public IReadOnlyCollection<ChainId> Chains
    {
        get
        {
            lock (_gate) return [.. _layers.Keys];
        }
    }

    /// <summary>How many layers were unpacked.</summary>
    public int Received { get; private set; }

    public int OpenIngests => _ingests.Count;

    public ILayerIngest BeginIngest()
    {
        var ingest = new Ingest(this);
        lock (_gate) _ingests.Add(ingest);
        return ingest;
    }

    public async Task WriteTarAsync(ChainId chain, Stream target, CancellationToken cancellationToken)
    {
        var tar = Find(chain)?.Tar ?? throw StrakeException.NotFound($"no layer {chain}");
        for (var at = 0; at < tar.Length; at += 4096)
            await target.WriteAsync(tar.AsMemory(at, Math.Min(4096, tar.Length - at)), cancellationToken);
    }

    public ValueTask<StoredLayer?> FindAsync(ChainId chain, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Find(chain)?.Layer);

    public Task<IReadOnlyList<StoredLayer>> CollectAsync(IReadOnlyCollection<ChainId> chains, CancellationToken cancellationToken)
    {
        var gone = new List<StoredLayer>();
        lock (_gate)
        {
            foreach (var start in chains)
            {
                for (ChainId? next = start; next is { } chain && _layers.TryGetValue(chain, out var layer); next = layer.Layer.Parent)
                {
                    if (IsNeeded(chain)) break;
                    _layers.Remove(chain);
                    gone.Add(layer.Layer);
                }
            }
        }

        return Task.FromResult<IReadOnlyList<StoredLayer>>(gone);
    }

    /// <summary>What a restart does: ingests are gone, and so is what nothing refers to.</summary>
    public async Task RestartAsync()
    {
        lock (_gate) _ingests.Clear();
        await CollectAsync([.. _layers.Keys.Where(c => !_layers.Values.Any(l => l.Layer.Parent == c))], CancellationToken.None);
    }

    /// <summary>What a broken disk does.</summary>
    public void Lose(ChainId chain)
    {
        lock (_gate) _layers.Remove(chain);
    }

    (StoredLayer Layer, byte[] Tar)? Find(ChainId chain)
    {
        lock (_gate) return _layers.TryGetValue(chain, out var layer) ? layer : default((StoredLayer, byte[])?);
    }

    // The records are in memory: reading them does not wait.
    bool IsNeeded(ChainId chain) =>
        state.RangeAsync(LayerReference.Prefix(chain)).AsTask().GetAwaiter().GetResult().Count > 0
        || _layers.Values.Any(l => l.Layer.Parent == chain)
        || _ingests.Exists(i => i.Held.Contains(chain));

    sealed class Ingest(FakeImageLayers store) : ILayerIngest
    {
        readonly List<byte[]> _tars = [];

        public HashSet<ChainId> Held { get; } = [];

        public async Task<LayerReceipt> ReceiveAsync(
            Stream source, LayerExpectation expected, IProgress<long>? progress, CancellationToken cancellationToken)
        {
            using var blob = new MemoryStream();
            await source.CopyToAsync(blob, cancellationToken);
            progress?.Report(blob.Length);
            var digest = Digest.Of(blob.ToArray());
            if (expected.BlobSizeBytes is { } size && size != blob.Length) throw StrakeException.DataLoss($"the layer has {blob.Length} bytes, not {size}");
            if (expected.Blob is { } named && named != digest) throw StrakeException.DataLoss($"layer {named}: its bytes have the digest {digest}");
            blob.Position = 0;
            var (compression, plain) = await LayerDecompressor.OpenAsync(blob, ExpansionLimit.None, cancellationToken);
            using var tar = new MemoryStream();
            await using (plain) await plain.CopyToAsync(tar, cancellationToken);
            await CheckAsync(tar.ToArray(), cancellationToken);

            var diffId = new DiffId(Digest.FromHash(SHA256.HashData(tar.ToArray())));
            if (expected.DiffId is { } layer && layer != diffId) throw StrakeException.DataLoss($"layer {layer}: its tar has the digest {diffId}");
            lock (store._gate)
            {
                store.Received++;
                _tars.Add(tar.ToArray());
                return new LayerReceipt(diffId, digest, compression, blob.Length, tar.Length, _tars.Count - 1);
            }
        }

        public ValueTask<StoredLayer?> HoldAsync(ChainId chain, CancellationToken cancellationToken)
        {
            lock (store._gate)
            {
                if (!store._layers.TryGetValue(chain, out var layer)) return ValueTask.FromResult<StoredLayer?>(null);
                Held.Add(chain);
                return ValueTask.FromResult<StoredLayer?>(layer.Layer);
            }
        }

        public Task<IReadOnlyList<ChainId>> CommitAsync(IReadOnlyList<ReceivedLayer> layers, CancellationToken cancellationToken)
        {
            var chains = ChainId.Of([.. layers.Select(l => l.DiffId)]);
            lock (store._gate)
            {
                for (var i = 0; i < layers.Count; i++)
                {
                    Held.Add(chains[i]);
                    if (store._layers.ContainsKey(chains[i])) continue;
                    var receipt = layers[i].Receipt ?? throw new InvalidOperationException($"layer {i} is neither stored nor received");
                    store._layers[chains[i]] = (
                        new StoredLayer(chains[i], i == 0 ? null : chains[i - 1], receipt.DiffId, receipt.TarSizeBytes / 2, receipt.TarSizeBytes),
                        _tars[receipt.Token]);
                }
            }

            return Task.FromResult(chains);
        }

        public ValueTask DisposeAsync()
        {
            lock (store._gate) store._ingests.Remove(this);
            return ValueTask.CompletedTask;
        }

        static async Task CheckAsync(byte[] tar, CancellationToken cancellationToken)
        {
            using var reader = new TarReader(new MemoryStream(tar));
            while (await reader.ReadEntryAsync(cancellationToken) is not null)
            {
            }
        }
    }
}
