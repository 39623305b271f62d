namespace Strake.Images;

/// <summary>Removes images that nobody needs: <c>docker image prune</c>.</summary>
sealed class ImagePruner(ImageRecords records, ImageRemover remover, ImageEvents events)
{
    /// <summary>
    /// Removes what a query lets through, children before parents, each image in a transaction of its own. One that cannot be removed does
    /// not keep the others.
    /// </summary>
    public async Task<ImagePruneReport> PruneAsync(ImagePruneQuery query, CancellationToken cancellationToken)
    {
        var catalog = await records.ReadAsync(cancellationToken);
        var removed = new List<ImageRemoval>();
        var failures = new List<string>();
        foreach (var image in Candidates(catalog, query))
        {
            try
            {
                removed.AddRange(await remover.PruneAsync(image.Id, cancellationToken));
            }
            catch (StrakeException e)
            {
                failures.Add($"image {image.Id.Short} was not removed: {e.Message}");
            }
        }

        var report = new ImagePruneReport(removed, removed.Sum(r => r.SizeBytes), failures);
        events.PublishPrune(report.ReclaimedBytes);
        return report;
    }

    // Intermediate images (unnamed, with a child) go with their last child, not by themselves.
    static List<ImageEntry> Candidates(ImageCatalog catalog, ImagePruneQuery query) =>
    [
        .. catalog.Images
            .Where(i => i.References.Count > 0 || !catalog.HasChildren(i.Id))
            .Where(i => !query.DanglingOnly || !i.IsTagged)
            .Where(i => query.Until is null || i.Record.Created < query.Until)
            .Where(i => LabelFilter.Matches(i.Record.Labels, query.Labels, query.NotLabels))
            .OrderByDescending(i => catalog.WithAncestors(i.Id).Count())
            .ThenBy(i => i.Id.Digest),
    ];
}
