namespace Strake.Images;

/// <summary>A list of manifests, mostly of one image for several platforms.</summary>
public sealed record ImageIndex : ManifestDocument
{
    /// <summary>Manifests and further indexes.</summary>
    public required IReadOnlyList<Descriptor> Manifests { get; init; }
}
