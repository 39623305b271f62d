namespace Strake.Images;

/// <summary>A manifest as registries and archives hold them: an <see cref="ImageManifest"/> or an <see cref="ImageIndex"/>.</summary>
/// <remarks>
/// OCI image specification, manifest.md and image-index.md; Docker's schema 2 has the same shape. What a document is must
/// agree three ways: its properties, the media type it claims, and the media type under which it was asked for.
/// </remarks>
public abstract record ManifestDocument
{
    private protected ManifestDocument()
    {
    }

    /// <summary>The media type: as claimed, or OCI's for a document of this shape.</summary>
    public required string MediaType { get; init; }

    /// <summary>Notes; null when there are none.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Parses and validates a manifest or index; all faults are reported together.</summary>
    /// <param name="bytes">The document.</param>
    /// <param name="mediaType">What whoever named it says it is; null when nobody did.</param>
    /// <exception cref="StrakeException">
    /// Invalid: neither, both, or not what it was said to be. TooLarge: over <see cref="ImageLimits.DocumentBytes"/>.
    /// </exception>
    public static ManifestDocument Parse(ReadOnlyMemory<byte> bytes, string? mediaType)
    {
        var fields = ImageDocument.Read(bytes, ImageJson.Default.ManifestFields, "manifest");
        var faults = ManifestFaults.Of(fields, mediaType);
        if (faults.Count > 0)
            throw StrakeException.Invalid($"invalid manifest: {string.Join("; ", faults)}");
        return fields.Manifests is { } manifests
            ? new ImageIndex
            {
                MediaType = fields.MediaType ?? MediaTypes.OciIndex,
                Annotations = fields.Annotations,
                Manifests = manifests,
            }
            : new ImageManifest
            {
                MediaType = fields.MediaType ?? MediaTypes.OciManifest,
                Annotations = fields.Annotations,
                Config = fields.Config!,
                Layers = fields.Layers!,
            };
    }
}
