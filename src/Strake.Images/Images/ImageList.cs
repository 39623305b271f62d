namespace Strake.Images;

/// <summary>Turns a catalog into the rows of <c>docker images</c>.</summary>
sealed class ImageList(ImageRecords records, ImageResolver resolver)
{
    /// <summary>The images that a query lets through, newest first.</summary>
    public async Task<IReadOnlyList<ImageSummary>> QueryAsync(ImageQuery query, CancellationToken cancellationToken)
    {
        var patterns = query.References.Select(p => new ReferencePattern(p)).ToList();
        var catalog = await records.ReadAsync(cancellationToken);
        var before = await CreatedAsync(query.Before, catalog, cancellationToken);
        var since = await CreatedAsync(query.Since, catalog, cancellationToken);
        var shared = query.SharedSize ? new LayerSharing(catalog) : null;
        return
        [
            .. catalog.Images
                .Where(i => before.All(t => i.Record.Created < t) && since.All(t => i.Record.Created > t))
                .Where(i => query.Until is null || i.Record.Created < query.Until)
                .Where(i => LabelFilter.Matches(i.Record.Labels, query.Labels, query.NotLabels))
                .Select(i => Row(i, patterns, shared))
                .Where(r => IsWanted(r, query, catalog))
                .OrderByDescending(r => r.Record.Created ?? DateTimeOffset.MinValue)
                .ThenBy(r => r.Id.Digest),
        ];
    }

    /// <summary>What all images take.</summary>
    public async Task<ImageUsage> MeasureAsync(CancellationToken cancellationToken)
    {
        var catalog = await records.ReadAsync(cancellationToken);
        var sharing = new LayerSharing(catalog);
        return new ImageUsage(sharing.TotalSizeBytes, [.. catalog.Images.OrderBy(i => i.Id.Digest).Select(i => Row(i, [], sharing))]);
    }

    static ImageSummary Row(ImageEntry image, List<ReferencePattern> patterns, LayerSharing? sharing)
    {
        var names = image.References.Where(r => patterns.Count == 0 || patterns.Exists(p => p.Matches(r))).ToList();
        return new ImageSummary(
            image.Id,
            image.Record,
            [.. names.Where(n => n.Digest is null).Select(n => n.Familiar)],
            [.. names.Where(n => n.Digest is not null).Select(n => n.Familiar)],
            sharing?.SharedSizeBytes(image));
    }

    static bool IsWanted(ImageSummary row, ImageQuery query, ImageCatalog catalog)
    {
        var hasName = row.RepoTags.Count + row.RepoDigests.Count > 0;
        if (hasName) return query.Dangling != true || row.RepoTags.Count == 0;

        // Without a name: one that others were made from is intermediate. Dangling means that none was.
        if (query.Dangling == false || query.References.Count > 0) return false;
        return !catalog.HasChildren(row.Id) || (query.All && query.Dangling != true);
    }

    async Task<IReadOnlyList<DateTimeOffset?>> CreatedAsync(
        IReadOnlyList<string> names, ImageCatalog catalog, CancellationToken cancellationToken)
    {
        var times = new List<DateTimeOffset?>();
        foreach (var name in names)
            times.Add(catalog.Find(await resolver.GetAsync(name, cancellationToken))?.Record.Created);
        return times;
    }
}
