namespace Strake.Images;

/// <summary>
/// What the documents seen so far tell of layers that are still to come: those that are stored already need not be unpacked
/// again. A hint only: an archive whose documents come last is read as well.
/// </summary>
sealed class KnownLayers(ILayerIngest ingest)
{
    readonly Dictionary<Digest, DiffId> _held = [];
    readonly Dictionary<ImageId, IReadOnlyList<DiffId>> _configs = [];
    readonly Dictionary<ImageId, IReadOnlyList<Digest>> _manifests = [];

    /// <summary>The chains that were found, by their top layer.</summary>
    public Dictionary<DiffId, ChainId> Chains { get; } = [];

    /// <summary>The stored layer that a blob holds; null when none is known.</summary>
    public DiffId? Find(Digest? blob) => blob is { } digest && _held.TryGetValue(digest, out var layer) ? layer : null;

    /// <summary>Learns from a document.</summary>
    public async Task ObserveAsync(ArchiveDocument document, CancellationToken cancellationToken)
    {
        switch (document.TryRead())
        {
            case ImageConfig config when _configs.TryAdd(config.Id, config.DiffIds):
                await HoldAsync(config.DiffIds, cancellationToken);
                Learn(config.Id);
                break;

            // The first of several manifests of one config: a hint need not be complete.
            case ImageManifest manifest
                when _manifests.TryAdd(new ImageId(manifest.Config.Digest), [.. manifest.Layers.Select(l => l.Digest)]):
                Learn(new ImageId(manifest.Config.Digest));
                break;
            default:
                break;
        }
    }

    async Task HoldAsync(IReadOnlyList<DiffId> layers, CancellationToken cancellationToken)
    {
        foreach (var (chain, layer) in ChainId.Of(layers).Zip(layers))
        {
            if (await ingest.HoldAsync(chain, cancellationToken) is null) return;
            _held[layer.Digest] = layer;
            Chains[layer] = chain;
        }
    }

    // The manifest names the blobs as they are sent, the config the layers in them, in the same order.
    void Learn(ImageId image)
    {
        if (!_configs.TryGetValue(image, out var layers) || !_manifests.TryGetValue(image, out var blobs)) return;
        foreach (var (blob, layer) in blobs.Zip(layers))
        {
            if (Chains.ContainsKey(layer)) _held[blob] = layer;
        }
    }
}
