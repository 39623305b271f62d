using System.Text.Json;

namespace Strake.Images;

/// <summary>An image to be written to an archive, under the names that were asked for.</summary>
/// <param name="Image">The image.</param>
/// <param name="Names">Tags, in the order in which they were asked for; empty for an image asked for by ID.</param>
sealed record SavedImage(Image Image, IReadOnlyList<ImageReference> Names)
{
    /// <summary>Its layers as blobs: plain tars, so that each blob's digest is the layer's DiffID.</summary>
    public IReadOnlyList<Descriptor> Layers { get; } =
    [
        .. Image.Record.Layers.Select(l => new Descriptor { MediaType = MediaTypes.OciLayer, Digest = l.DiffId.Digest, SizeBytes = l.TarSizeBytes }),
    ];

    /// <summary>Its OCI manifest.</summary>
    public byte[] Manifest => JsonSerializer.SerializeToUtf8Bytes(
        new SavedManifest
        {
            Config = new Descriptor { MediaType = MediaTypes.OciConfig, Digest = Image.Id.Digest, SizeBytes = Image.Config.Bytes.Length },
            Layers = Layers,
        },
        ImageDocument.Contracts.SavedManifest);
}
