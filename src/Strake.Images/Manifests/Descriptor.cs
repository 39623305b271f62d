using System.Text.Json.Serialization;

namespace Strake.Images;

/// <summary>Names a blob, what it is and how long.</summary>
/// <remarks>OCI image specification, descriptor.md.</remarks>
public sealed record Descriptor
{
    /// <summary>What the blob is.</summary>
    [JsonPropertyName("mediaType")]
    public string? MediaType { get; init; }

    /// <summary>Its digest.</summary>
    [JsonPropertyName("digest")]
    [JsonRequired]
    public Digest Digest { get; init; }

    /// <summary>Its length.</summary>
    [JsonPropertyName("size")]
    [JsonRequired]
    public long SizeBytes { get; init; }

    /// <summary>Where else it can be had.</summary>
    [JsonPropertyName("urls")]
    public IReadOnlyList<string>? Urls { get; init; }

    /// <summary>Notes.</summary>
    [JsonPropertyName("annotations")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>In an index: what the manifest describes, where that is no image.</summary>
    [JsonPropertyName("artifactType")]
    public string? ArtifactType { get; init; }

    /// <summary>In an index: what the image runs on.</summary>
    [JsonPropertyName("platform")]
    public Platform? Platform { get; init; }

    /// <summary>The value of an annotation; null when it is absent or empty.</summary>
    /// <param name="name">The annotation.</param>
    public string? Annotation(string name) =>
        Annotations is not null && Annotations.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}
