namespace Strake.Images;

/// <summary>Looks up the layers of an image that is about to be.</summary>
static class StoredLayers
{
    /// <summary>What is known of each layer, lowest first.</summary>
    /// <exception cref="StrakeException">NotFound: one is not stored.</exception>
    public static async Task<IReadOnlyList<LayerRecord>> OfAsync(IImageLayers layers, ImageConfig config, CancellationToken cancellationToken)
    {
        var records = new List<LayerRecord>();
        foreach (var chain in ChainId.Of(config.DiffIds))
        {
            var layer = await layers.FindAsync(chain, cancellationToken)
                ?? throw StrakeException.NotFound($"image {config.Id.Short}: layer {chain} is not stored");
            records.Add(new LayerRecord(layer.DiffId, layer.SizeBytes, layer.TarSizeBytes));
        }

        return records;
    }
}
