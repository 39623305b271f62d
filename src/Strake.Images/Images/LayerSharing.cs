namespace Strake.Images;

/// <summary>Which layers several images have in common.</summary>
sealed class LayerSharing
{
    readonly Dictionary<ChainId, int> _images = [];

    /// <summary>Counts the layers of all images.</summary>
    public LayerSharing(ImageCatalog catalog)
    {
        foreach (var (chain, layer) in catalog.Images.SelectMany(i => i.Record.Chains.Zip(i.Record.Layers)))
        {
            if (!_images.TryGetValue(chain, out var images)) TotalSizeBytes += layer.SizeBytes;
            _images[chain] = images + 1;
        }
    }

    /// <summary>Sum of the sizes of all layers, each counted once.</summary>
    public long TotalSizeBytes { get; }

    /// <summary>Sum of the sizes of an image's layers that another image has, too.</summary>
    public long SharedSizeBytes(ImageEntry image) =>
        image.Record.Chains.Zip(image.Record.Layers).Where(l => _images[l.First] > 1).Sum(l => l.Second.SizeBytes);
}
