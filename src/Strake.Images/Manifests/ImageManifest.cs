namespace Strake.Images;

/// <summary>The manifest of one image for one platform.</summary>
public sealed record ImageManifest : ManifestDocument
{
    /// <summary>The image's config; its digest is the image's ID.</summary>
    public required Descriptor Config { get; init; }

    /// <summary>The layers as blobs, lowest first.</summary>
    public required IReadOnlyList<Descriptor> Layers { get; init; }

    /// <summary>False for signatures, attestations, charts and whatever else is kept in the form of an image.</summary>
    public bool IsImage => MediaTypes.IsConfig(Config.MediaType) && Layers.All(l => MediaTypes.IsLayer(l.MediaType));
}
