using Strake.Images;

namespace Strake.Layers.Archive;

/// <summary>A layer that was read to its end, verified and extracted.</summary>
public sealed record AppliedLayer
{
    /// <summary>Digest of the uncompressed tar.</summary>
    public required DiffId DiffId { get; init; }

    /// <summary>Digest of the bytes as they came; equals the DiffID's when they were not compressed.</summary>
    public required Digest Blob { get; init; }

    /// <summary>How they came.</summary>
    public required Compression Compression { get; init; }

    /// <summary>Length of the bytes as they came.</summary>
    public required long BlobSizeBytes { get; init; }

    /// <summary>Length of the uncompressed tar.</summary>
    public required long TarSizeBytes { get; init; }

    /// <summary>What the layer wrote: its own files, without what a parent's copy held before.</summary>
    public required LayerUsage Usage { get; init; }

    /// <summary>
    /// Hard links to files that the layer does not hold itself: those of a layer written without its parents, for
    /// <see cref="LayerRebase"/>. Empty for <see cref="WhiteoutForm.Absent"/>, where such a link finds its file or is an error.
    /// </summary>
    public required IReadOnlyList<DeferredLink> DeferredLinks { get; init; }

    /// <summary>
    /// Directories that had to be made although the layer has no entry for them, parents first: their mode and owner are a guess until
    /// <see cref="LayerRebase"/> asks the layers below. Paths relative to the layer's root. Empty for <see cref="WhiteoutForm.Absent"/>.
    /// </summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> ImpliedDirectories { get; init; }

    /// <summary>
    /// Names that the layer hides by the overlay's whiteouts, relative to its root. <see cref="LayerRebase"/> takes away those that hide
    /// nothing. Empty in other forms.
    /// </summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Whiteouts { get; init; }

    /// <summary>What was left out and does no harm, a line each, for a log: overlay attributes, attributes the file system does not take. At most 100.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
