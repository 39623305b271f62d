namespace Strake.Images;

/// <summary>Does what <see cref="RemovalDecisions"/> decides.</summary>
/// <remarks>
/// Order of the effects: one transaction takes records, names and layer references; then the configs go, then the layers. A
/// crash in between leaves files and layers that no record names, and opening the stores removes those.
/// </remarks>
sealed class ImageRemover(
    ImageRecords records, ImageResolver resolver, BlobStore blobs, IImageLayers layers, IImageUsers? users, ImageEvents events, ChangeTurns turns)
{
    /// <summary>Removes a name or an image, as a user asks.</summary>
    public Task<IReadOnlyList<ImageRemoval>> RemoveAsync(string name, ImageRemovalOptions options, CancellationToken cancellationToken) =>
        RemoveAsync(
            async () =>
            {
                var id = await resolver.GetAsync(name, cancellationToken);
                var catalog = await records.ReadAsync(cancellationToken);
                var image = catalog.Find(id) ?? throw ImageResolver.NoSuchImage(name);
                return RemovalDecisions.Decide(await ViewAsync(catalog, image, cancellationToken), new(name, image, options));
            },
            cancellationToken);

    /// <summary>Removes an image with all of its names, unless something needs it by now.</summary>
    public Task<IReadOnlyList<ImageRemoval>> PruneAsync(ImageId id, CancellationToken cancellationToken) =>
        RemoveAsync(
            async () =>
            {
                var catalog = await records.ReadAsync(cancellationToken);
                return catalog.Find(id) is { } image
                    ? RemovalDecisions.DecidePrune(await ViewAsync(catalog, image, cancellationToken), image)
                    : new RemovalDecision.Remove([]);
            },
            cancellationToken);

    async Task<IReadOnlyList<ImageRemoval>> RemoveAsync(Func<Task<RemovalDecision>> decide, CancellationToken cancellationToken)
    {
        IReadOnlyList<RemovalStep> steps;
        using (await turns.TakeAsync(cancellationToken))
        {
            steps = await decide() switch
            {
                RemovalDecision.Refuse refuse => throw StrakeException.Conflict(refuse.Message),
                RemovalDecision.Remove { Steps: var chosen } => chosen,
                var other => throw new InvalidOperationException($"unknown decision {other}"),
            };
            if (steps.Count == 0) return [];
            await CommitAsync(steps, cancellationToken);

            // The images are gone: from here on the work finishes.
            foreach (var image in Deleted(steps))
            {
                FaultPoint.Reach("image.remove.before-config");
                blobs.Remove(image.Id.Digest);
                FaultPoint.Reach("image.remove.after-config");
            }
        }

        return await FinishAsync(steps);
    }

    async Task CommitAsync(IReadOnlyList<RemovalStep> steps, CancellationToken cancellationToken)
    {
        var transaction = new StateTransaction();
        var deleted = Deleted(steps).ToList();
        foreach (var image in deleted) records.DeleteImage(transaction, image);
        foreach (var layer in await OnlyInAsync(deleted, cancellationToken)) records.DeleteBlobs(transaction, layer);
        foreach (var untag in steps.OfType<RemovalStep.Untag>().Where(u => !deleted.Contains(u.Image))) records.DeleteName(transaction, untag.Name);
        await records.CommitAsync(transaction, "removing images", cancellationToken);
    }

    /// <summary>The layers that no other image has.</summary>
    async Task<IEnumerable<DiffId>> OnlyInAsync(List<ImageEntry> deleted, CancellationToken cancellationToken)
    {
        if (deleted.Count == 0) return [];
        var ids = deleted.Select(d => d.Id).ToHashSet();
        var others = (await records.ReadAsync(cancellationToken)).Images.Where(i => !ids.Contains(i.Id));
        return deleted.SelectMany(LayersOf).Except(others.SelectMany(LayersOf));

        static IEnumerable<DiffId> LayersOf(ImageEntry image) => image.Record.Layers.Select(l => l.DiffId);
    }

    async Task<IReadOnlyList<ImageRemoval>> FinishAsync(IReadOnlyList<RemovalStep> steps)
    {
        var removed = new List<ImageRemoval>();
        foreach (var step in steps)
        {
            var (id, labels) = (step.Image.Id, step.Image.Record.Labels);
            switch (step)
            {
                case RemovalStep.Untag untag:
                    removed.Add(new ImageRemoval(untag.Name.Familiar, Deleted: null));
                    events.Publish("untag", id, labels);
                    break;
                case RemovalStep.Delete:
                    removed.Add(new ImageRemoval(Untagged: null, id.ToString()));
                    events.Publish("delete", id, labels);
                    removed.AddRange(await CollectAsync(step.Image));
                    break;
                default:
                    throw new InvalidOperationException($"unknown step {step}");
            }
        }

        return removed;
    }

    async Task<IEnumerable<ImageRemoval>> CollectAsync(ImageEntry image)
    {
        if (image.Record.Chain is not { } chain) return [];
        FaultPoint.Reach("image.remove.before-layers");
        var gone = await layers.CollectAsync([chain], CancellationToken.None);
        FaultPoint.Reach("image.remove.after-layers");
        return gone.Select(l => new ImageRemoval(Untagged: null, l.Chain.ToString(), l.SizeBytes));
    }

    async Task<RemovalView> ViewAsync(ImageCatalog catalog, ImageEntry image, CancellationToken cancellationToken)
    {
        var found = new List<(ImageId Image, ImageUser User)>();
        foreach (var id in catalog.WithAncestors(image.Id))
        {
            if (users is null) break;
            found.AddRange((await users.UsersOfAsync(id, cancellationToken)).Select(u => (id, u)));
        }

        return new RemovalView(catalog, found.ToLookup(f => f.Image, f => f.User));
    }

    static IEnumerable<ImageEntry> Deleted(IEnumerable<RemovalStep> steps) => steps.OfType<RemovalStep.Delete>().Select(d => d.Image);
}
