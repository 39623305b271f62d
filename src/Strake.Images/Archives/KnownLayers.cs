using System.Text.Json;

namespace Strake.Images;

/// <summary>
/// What the documents seen so far tell of layers that are still to come: those that are stored already need not be unpacked
/// again. A hint only: an archive whose documents come last is read as well.
/// </summary>
sealed class KnownLayers(ILayerIngest ingest)
{
    readonly Dictionary<Digest, DiffId> _held = [];
    readonly Dictionary<ImageId, ImageConfig> _configs = [];
    readonly List<ImageManifest> _manifests = [];

    /// <summary>The chains that were found, by their top layer.</summary>
    public Dictionary<DiffId, ChainId> Chains { get; } = [];

    /// <summary>The stored layer that a blob holds; null when none is known.</summary>
    public DiffId? Find(Digest? blob) => blob is { } digest && _held.TryGetValue(digest, out var layer) ? layer : null;

    /// <summary>Learns from a document, whatever it is.</summary>
    public async Task ObserveAsync(byte[] document, CancellationToken cancellationToken)
    {
        switch (TryRead(document))
        {
            case ImageConfig config when _configs.TryAdd(config.Id, config):
                await HoldAsync(config, cancellationToken);
                break;
            case ImageManifest manifest:
                _manifests.Add(manifest);
                break;
            default:
                return;
        }

        foreach (var manifest in _manifests) Learn(manifest);
    }

    async Task HoldAsync(ImageConfig config, CancellationToken cancellationToken)
    {
        foreach (var (chain, layer) in ChainId.Of(config.DiffIds).Zip(config.DiffIds))
        {
            if (await ingest.HoldAsync(chain, cancellationToken) is null) return;
            _held[layer.Digest] = layer;
            Chains[layer] = chain;
        }
    }

    // The manifest names the blobs as they are sent, the config the layers in them, in the same order.
    void Learn(ImageManifest manifest)
    {
        if (!_configs.TryGetValue(new ImageId(manifest.Config.Digest), out var config)) return;
        foreach (var (blob, layer) in manifest.Layers.Zip(config.DiffIds))
        {
            if (Chains.ContainsKey(layer)) _held[blob.Digest] = layer;
        }
    }

    static object? TryRead(byte[] document)
    {
        try
        {
            return PropertiesOf(document) switch
            {
                var names when names.Contains("rootfs") => ImageConfig.Parse(document),
                var names when names.Contains("layers") => ManifestDocument.Parse(document, mediaType: null),
                _ => null,
            };
        }
        catch (StrakeException)
        {
            // Whether anything wants it, and then what is wrong with it, is found when the archive has been read.
            return null;
        }
    }

    static HashSet<string> PropertiesOf(byte[] document)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            var reader = new Utf8JsonReader(document);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return names;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                names.Add(reader.GetString() ?? "");
                reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            names.Clear();
        }

        return names;
    }
}
