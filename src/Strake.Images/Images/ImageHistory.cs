namespace Strake.Images;

/// <summary>The rows of <c>docker history</c>. Pure.</summary>
static class ImageHistory
{
    /// <summary>The steps of an image, newest first.</summary>
    /// <param name="image">The image.</param>
    /// <param name="catalog">Its ancestors and their names: a step whose image is there has its ID.</param>
    public static IReadOnlyList<HistoryStep> Of(Image image, ImageCatalog catalog)
    {
        // Which entries have a layer was checked when the config was taken in: there are no more of them than layers.
        var layers = new Queue<LayerRecord>(image.Record.Layers);
        var steps = (image.Config.History ?? [])
            .Select(entry => (Entry: entry, SizeBytes: entry.EmptyLayer ? 0 : layers.Dequeue().SizeBytes))
            .Reverse()
            .ToList();

        var ancestors = catalog.WithAncestors(image.Id).Select(id => catalog.Find(id)!).ToList();
        return
        [
            .. steps.Select((step, index) => new HistoryStep(
                index < ancestors.Count ? ancestors[index].Id : null,
                step.Entry.CreatedAt,
                step.Entry.CreatedBy ?? "",
                step.Entry.Comment ?? "",
                index < ancestors.Count ? [.. ancestors[index].References.Where(r => r.Digest is null).Select(r => r.Familiar)] : [],
                step.SizeBytes)),
        ];
    }
}
