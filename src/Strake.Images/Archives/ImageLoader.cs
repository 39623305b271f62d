namespace Strake.Images;

/// <summary>Takes in the images of an archive: <c>docker load</c>.</summary>
/// <remarks>
/// The order makes the archive all or nothing: read and verify everything, find every image in it, lay the layers on one
/// another, and only then make all images visible in one transaction. What fails before leaves nothing but what the ingest
/// removes on disposal, and layers that no reference keeps.
/// </remarks>
sealed class ImageLoader(IImageLayers layers, ImagePublisher publisher, Platform host)
{
    /// <summary>Takes in an archive in one pass.</summary>
    public async Task<IReadOnlyList<LoadedImage>> LoadAsync(
        Stream archive, IProgress<LayerProgress>? progress, CancellationToken cancellationToken)
    {
        await using var ingest = layers.BeginIngest();
        var reader = new ImageArchiveReader(ingest, progress);
        var contents = await reader.ReadAsync(archive, cancellationToken);
        var images = Describe(contents);
        var placement = new LayerPlacement(layers, ingest, reader.Held);
        try
        {
            foreach (var image in images) await placement.PlaceAsync(image, cancellationToken);
            return await publisher.PublishAsync([.. images.Select(i => New(i, images))], "load", cancellationToken);
        }
        catch
        {
            await CollectAsync(ingest, placement);
            throw;
        }
    }

    // Docker ≥ 25 writes both forms in one tar; they describe the same images, and Docker reads the first.
    IReadOnlyList<ArchivedImage> Describe(ArchiveContents contents)
    {
        var images =
            contents.Document(DockerArchive.ManifestName) is { } manifest ? DockerArchive.Read(contents, manifest)
            : contents.Document(OciLayout.IndexName) is { } index ? new OciLayout(contents, host).Read(index)
            : throw StrakeException.Invalid($"invalid archive: does not contain a {DockerArchive.ManifestName}");
        if (images.FirstOrDefault(i => i.Config.Os is { Length: > 0 } os && !string.Equals(os, host.Os, StringComparison.Ordinal)) is { } foreign)
            throw StrakeException.Invalid($"cannot load {foreign.Config.Os} image on {host.Os}");
        return images;
    }

    static NewImage New(ArchivedImage image, IReadOnlyList<ArchivedImage> all) =>
        new(image.Config, ArchivedParents.ParentOf(image, all)?.Config.Id, image.References) { Blobs = [.. FormsOf(image)] };

    // A registry may have the layer in just this form. A plain tar is how every layer can be sent, and says nothing.
    static IEnumerable<KeyValuePair<DiffId, LayerBlob>> FormsOf(ArchivedImage image) =>
        from layer in image.Layers.OfType<ArchivedLayer.Received>()
        let receipt = layer.Receipt
        where receipt.Compression is not Compression.None
        select KeyValuePair.Create(receipt.DiffId, new LayerBlob(receipt.Blob, receipt.BlobSizeBytes, receipt.Compression, []));

    // The ingest lets go first: what it holds is not collected.
    async Task CollectAsync(ILayerIngest ingest, LayerPlacement placement)
    {
        await ingest.DisposeAsync();
        if (placement.Placed.Count > 0) await layers.CollectAsync(placement.Placed, CancellationToken.None);
    }
}
