namespace Strake.Images;

/// <summary>Compares records, configs and layers: the images' part of <c>strake fsck</c>. Changes nothing.</summary>
sealed class ImageCheck(IStateStore state, ImageRecords records, BlobStore blobs, IImageLayers layers)
{
    /// <summary>What is amiss, a sentence each.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        var catalog = await records.ReadAsync(cancellationToken);
        findings.AddRange(catalog.Unreadable.Findings);
        foreach (var image in catalog.Images.OrderBy(i => i.Id.Digest))
            findings.AddRange(await CheckAsync(image, cancellationToken));

        findings.AddRange((await records.MalformedNamesAsync(cancellationToken)).Select(k => $"record {k}: its key is no reference"));
        findings.AddRange((await records.LostNamesAsync(cancellationToken)).Select(n => $"name {n}: its image is gone"));
        findings.AddRange(blobs.List().Where(d => !catalog.IsRecorded(new ImageId(d))).Select(d => $"config {d}: no image has it"));
        findings.AddRange(await StrayReferencesAsync(catalog, cancellationToken));
        var layersOfImages = catalog.Images.SelectMany(i => i.Record.Layers).Select(l => l.DiffId).ToHashSet();
        findings.AddRange((await records.StrayBlobsAsync(layersOfImages, cancellationToken)).Select(k => $"record {k}: no image has the layer"));
        return findings;
    }

    async Task<IReadOnlyList<string>> CheckAsync(ImageEntry image, CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        try
        {
            var config = ImageConfig.Parse(blobs.Read(image.Id.Digest));
            if (!config.DiffIds.SequenceEqual(image.Record.Layers.Select(l => l.DiffId)))
                findings.Add($"image {image.Id.Short}: its record has other layers than its config");
        }
        catch (StrakeException e)
        {
            findings.Add($"image {image.Id.Short}: {e.Message}");
        }

        if (image.Record.Chain is not { } chain) return findings;
        foreach (var missing in image.Record.Chains)
        {
            if (await layers.FindAsync(missing, cancellationToken) is null)
                findings.Add($"image {image.Id.Short}: layer {missing} is gone");
        }

        if (await state.GetAsync(LayerReference.Key(chain, ImageRecords.Owner(image.Id)), cancellationToken) is null)
            findings.Add($"image {image.Id.Short}: nothing keeps its layers: its layer reference is gone");
        return findings;
    }

    async Task<IEnumerable<string>> StrayReferencesAsync(ImageCatalog catalog, CancellationToken cancellationToken)
    {
        var needed = catalog.Images
            .Where(i => i.Record.Chain is not null)
            .Select(i => LayerReference.Key(i.Record.Chain!.Value, ImageRecords.Owner(i.Id)))
            .ToHashSet(StringComparer.Ordinal);
        bool IsOfUnreadable(string key) => catalog.Unreadable.Images.Any(id => key.EndsWith('/' + ImageRecords.Owner(id), StringComparison.Ordinal));
        var references = await state.RangeAsync(ImageRecords.LayerReferencePrefix, cancellationToken);
        return references
            .Where(e => ImageRecords.IsImageReference(e.Key) && !needed.Contains(e.Key) && !IsOfUnreadable(e.Key))
            .Select(e => $"record {e.Key}: it keeps layers for an image that is gone");
    }
}
