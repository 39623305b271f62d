using System.Text.Json.Serialization;

namespace Strake.Images;

/// <summary>What the store knows of an image without reading its config: enough for every list.</summary>
/// <remarks>
/// <code>
/// image/&lt;hex of the config's digest&gt;                      → ImageRecord
/// tag/&lt;reference in normal form&gt;                           → TagRecord
/// layer-reference/&lt;hex of the chain&gt;/image/&lt;hex&gt;          → empty; written and deleted with the image's record
/// blob/&lt;hex of a DiffID&gt;                                 → LayerBlobs; there as long as an image has the layer
/// </code>
/// </remarks>
public sealed record ImageRecord
{
    /// <summary>When it was made, as its config says; null when it does not say.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When this store got it.</summary>
    public DateTimeOffset StoredAt { get; init; }

    /// <summary>When it last got a name here; null: never.</summary>
    public DateTimeOffset? TaggedAt { get; init; }

    /// <summary>The image that it was made from, in this store; null when unknown. It need not exist any more.</summary>
    public ImageId? Parent { get; init; }

    /// <summary>What it runs on.</summary>
    public Platform Platform { get; init; } = Platform.Host;

    /// <summary>The labels in its config.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The media type of the manifest that it came with; null: it came with none, or was made here.</summary>
    public string? ManifestType { get; init; }

    /// <summary>Its layers, lowest first.</summary>
    public IReadOnlyList<LayerRecord> Layers { get; init; } = [];

    /// <summary>Sum of the sizes of its layers' files.</summary>
    [JsonIgnore]
    public long SizeBytes => Layers.Sum(l => l.SizeBytes);

    /// <summary>The chains of its layers, lowest first.</summary>
    [JsonIgnore]
    public IReadOnlyList<ChainId> Chains => ChainId.Of([.. Layers.Select(l => l.DiffId)]);

    /// <summary>The chain that is its root file system; null when it has no layer.</summary>
    [JsonIgnore]
    public ChainId? Chain => Layers.Count == 0 ? null : Chains[^1];
}
