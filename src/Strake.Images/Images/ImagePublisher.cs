namespace Strake.Images;

/// <summary>
/// The moment in which images become visible: their configs are made durable, then one transaction writes records, names and
/// the references that keep the layers.
/// </summary>
/// <remarks>A crash before the transaction leaves configs that no record names; opening the store removes them.</remarks>
sealed class ImagePublisher(ImageRecords records, BlobStore blobs, IImageLayers layers, ImageEvents events, ChangeTurns turns, TimeProvider clock)
{
    /// <summary>Makes images visible, all in one moment.</summary>
    /// <param name="images">The images; an open ingest must hold their layers. Of equal names the last one counts.</param>
    /// <param name="action">What to tell the listeners of each image; null: nothing but its new names.</param>
    /// <param name="cancellationToken">Honoured until the transaction is taken up.</param>
    /// <returns>The images in the same order.</returns>
    public async Task<IReadOnlyList<LoadedImage>> PublishAsync(
        IReadOnlyList<NewImage> images, string? action, CancellationToken cancellationToken)
    {
        var sizes = new List<IReadOnlyList<LayerRecord>>();
        foreach (var image in images) sizes.Add(await StoredLayers.OfAsync(layers, image.Config, cancellationToken));

        IReadOnlyList<LoadedImage> published;
        using (await turns.TakeAsync(cancellationToken))
            published = await WriteAsync(images, sizes, cancellationToken);

        Tell(images, action);
        return published;
    }

    async Task<IReadOnlyList<LoadedImage>> WriteAsync(
        IReadOnlyList<NewImage> images, List<IReadOnlyList<LayerRecord>> sizes, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var image in images.DistinctBy(i => i.Config.Id)) blobs.Write(image.Config.Id.Digest, image.Config.Bytes.Span);

            var (transaction, published) = await PrepareAsync(images, sizes, cancellationToken);
            await records.CommitAsync(transaction, "recording images", cancellationToken);
            return published;
        }
        catch
        {
            await RemoveUnnamedAsync(images);
            throw;
        }
    }

    async Task<(StateTransaction Transaction, IReadOnlyList<LoadedImage> Published)> PrepareAsync(
        IReadOnlyList<NewImage> images, List<IReadOnlyList<LayerRecord>> sizes, CancellationToken cancellationToken)
    {
        var transaction = new StateTransaction();
        var published = new List<LoadedImage>();
        var written = new HashSet<ImageId>();
        foreach (var (image, layerRecords) in images.Zip(sizes))
        {
            var id = image.Config.Id;
            if (written.Add(id))
                records.PutImage(transaction, id, await RecordAsync(image, layerRecords, images, cancellationToken));
            published.Add(new LoadedImage(id, image.References, await ReplacedAsync(image, cancellationToken)));
        }

        foreach (var (name, id) in LastOwners(images)) records.PutName(transaction, name, id);
        await records.AddBlobsAsync(transaction, images.SelectMany(i => i.Blobs), cancellationToken);
        return (transaction, published);
    }

    async Task<ImageRecord> RecordAsync(
        NewImage image, IReadOnlyList<LayerRecord> layerRecords, IReadOnlyList<NewImage> all, CancellationToken cancellationToken)
    {
        var former = (await records.FindFormerAsync(image.Config.Id, cancellationToken))?.Value;
        var isNamed = all.Any(i => i.Config.Id == image.Config.Id && i.References.Count > 0);
        return new ImageRecord
        {
            Created = image.Config.CreatedAt,
            StoredAt = former?.StoredAt ?? clock.GetUtcNow(),
            TaggedAt = isNamed ? clock.GetUtcNow() : former?.TaggedAt,
            Parent = image.Parent ?? former?.Parent,
            Platform = image.Config.Platform,
            Labels = image.Config.Labels,
            ManifestType = image.ManifestType ?? former?.ManifestType,
            Layers = layerRecords,
        };
    }

    async Task<IReadOnlyList<ReplacedTag>> ReplacedAsync(NewImage image, CancellationToken cancellationToken)
    {
        var replaced = new List<ReplacedTag>();
        foreach (var name in image.References)
        {
            if (await records.FindFormerAsync(name, cancellationToken) is { } former && former != image.Config.Id)
                replaced.Add(new ReplacedTag(name, former));
        }

        return replaced;
    }

    // Runs within the turn, so that nobody can have come to need the file meanwhile. What cannot be removed now goes at the next open.
    async Task RemoveUnnamedAsync(IReadOnlyList<NewImage> images)
    {
        foreach (var id in images.Select(i => i.Config.Id).Distinct())
        {
            if (!await records.ExistsAsync(id, CancellationToken.None)) blobs.Remove(id.Digest);
        }
    }

    void Tell(IReadOnlyList<NewImage> images, string? action)
    {
        foreach (var image in images)
        {
            if (action is not null) events.Publish(action, image.Config.Id, image.Config.Labels);
        }
    }

    static IEnumerable<KeyValuePair<ImageReference, ImageId>> LastOwners(IReadOnlyList<NewImage> images)
    {
        var owners = new Dictionary<ImageReference, ImageId>();
        foreach (var image in images)
        {
            foreach (var name in image.References) owners[name] = image.Config.Id;
        }

        return owners;
    }
}
