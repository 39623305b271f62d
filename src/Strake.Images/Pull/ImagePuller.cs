namespace Strake.Images;

/// <summary>Brings images in from registries: <c>docker pull</c>.</summary>
/// <remarks>
/// The order: find the manifest, fetch config, hold the layers that are stored, bring in the others at once, lay them on one another, and
/// make the image visible with its names in one transaction. What fails before leaves parts of blobs (<see cref="PartStore"/>), for the
/// next try; what is wrong for good leaves nothing.
/// </remarks>
sealed class ImagePuller(
    Func<ImageReference, RegistryCredentials?, IRemoteRepository> open, RemoteImageResolver resolver, PullSessions sessions, PartStore parts,
    ImageRecords records, ImageReader reader, ImagePublisher publisher, ImageEvents events)
{
    /// <summary>Pulls an image, or all of a repository.</summary>
    public async Task PullAsync(PullRequest request, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        var repository = open(request.Reference, request.Credentials);
        if (!request.AllTags)
        {
            var isNewer = await PullAsync(repository, request.Reference.OrLatest(), request.Platform, progress, cancellationToken);
            progress.Report(Status(request.Reference.OrLatest(), isNewer));
            return;
        }

        var anyNewer = false;
        foreach (var tag in await repository.TagsAsync(cancellationToken))
            anyNewer |= await PullAsync(repository, request.Reference.WithTag(tag), request.Platform, progress, cancellationToken);
        progress.Report(Status(request.Reference, anyNewer));
    }

    static TransferProgress Status(ImageReference reference, bool isNewer) =>
        new($"Status: {(isNewer ? "Downloaded newer image for" : "Image is up to date for")} {reference.Familiar}");

    /// <returns>Whether the name stands for another image now.</returns>
    async Task<bool> PullAsync(
        IRemoteRepository repository, ImageReference reference, Platform? platform, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        var image = await resolver.ResolveAsync(repository, reference, platform, cancellationToken);
        // What is refused until here is refused with a status of its own; the first line begins the answer.
        var config = await ConfigAsync(repository, reference, image, platform, cancellationToken);
        progress.Report(new TransferProgress($"Pulling from {reference.Path}", reference.Digest?.ToString() ?? reference.Tag));
        var names = NamesOf(reference, image.Digest);
        var former = await records.FindAsync(names[0], cancellationToken);

        var session = sessions.Enter([.. image.Manifest.Layers.Select(l => l.Digest)]);
        try
        {
            var received = await ReceiveAsync(session, repository, image, config, progress, cancellationToken);
            var found = new NewImage(config, Parent: null, names)
            {
                ManifestType = image.Manifest.MediaType,
                Blobs = [.. config.DiffIds.Zip(image.Manifest.Layers, (layer, blob) => KeyValuePair.Create(layer, FormOf(blob, received, repository)))],
            };
            FaultPoint.Reach("pull.before-publish");
            await publisher.PublishAsync([found], action: null, cancellationToken);
            FaultPoint.Reach("pull.after-publish");
        }
        finally
        {
            await sessions.LeaveAsync(session);
        }

        parts.Remove(image.Manifest.Layers.Select(l => l.Digest));
        progress.Report(new TransferProgress($"Digest: {image.Digest}"));
        events.PublishTransfer("pull", reference, config.Labels);
        return former != config.Id;
    }

    // Where the digest was asked for, the tag beside it says nothing.
    static IReadOnlyList<ImageReference> NamesOf(ImageReference reference, Digest digest) => reference.Digest is not null
        ? [reference.WithoutTag()]
        : [reference.OrLatest(), reference.WithDigest(digest)];

    async Task<ImageConfig> ConfigAsync(
        IRemoteRepository repository, ImageReference reference, RemoteImage image, Platform? platform, CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(image.Id, cancellationToken) is not { } stored)
            return await resolver.ReadConfigAsync(repository, reference, image, platform, cancellationToken);
        resolver.Check(reference, stored.Config, image.Manifest, platform);
        return stored.Config;
    }

    async Task<IReadOnlyDictionary<Digest, LayerReceipt>> ReceiveAsync(
        PullSession session, IRemoteRepository repository, RemoteImage image, ImageConfig config, IProgress<TransferProgress> progress,
        CancellationToken cancellationToken)
    {
        try
        {
            var layers = new ImageLayers(session, repository, image.Manifest, config, progress);
            return await layers.ReceiveAsync(cancellationToken);
        }
        catch (StrakeException e) when (LayerDownload.IsForGood(e.Kind))
        {
            // Those that another pull has stay his.
            parts.Remove(image.Manifest.Layers.Select(l => l.Digest));
            if (e.Kind is ErrorKind.Exhausted) parts.PruneAll();
            throw;
        }
    }

    static LayerBlob FormOf(Descriptor blob, IReadOnlyDictionary<Digest, LayerReceipt> received, IRemoteRepository repository)
    {
        // Of a layer that was there already only the manifest says how it is compressed.
        var compression = received.TryGetValue(blob.Digest, out var receipt) ? receipt.Compression : MediaTypes.CompressionOf(blob.MediaType);
        return new LayerBlob(blob.Digest, blob.SizeBytes, compression, [repository.Reference.Name]);
    }
}
