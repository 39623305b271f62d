using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strake.Images;

/// <summary>
/// All properties by which one kind of manifest is told from another, read at once: a document that has those of two kinds
/// must be seen as such (CVE-2021-41190).
/// </summary>
sealed record ManifestFields
{
    [JsonPropertyName("schemaVersion")]
    public int? SchemaVersion { get; init; }

    [JsonPropertyName("mediaType")]
    public string? MediaType { get; init; }

    [JsonPropertyName("artifactType")]
    public string? ArtifactType { get; init; }

    [JsonPropertyName("config")]
    public Descriptor? Config { get; init; }

    [JsonPropertyName("layers")]
    public IReadOnlyList<Descriptor>? Layers { get; init; }

    [JsonPropertyName("manifests")]
    public IReadOnlyList<Descriptor>? Manifests { get; init; }

    [JsonPropertyName("annotations")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Schema 1.</summary>
    [JsonPropertyName("fsLayers")]
    public JsonElement? FsLayers { get; init; }
}
