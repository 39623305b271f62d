namespace Strake.Images;

/// <summary>Sends images to registries: <c>docker push</c>.</summary>
/// <remarks>
/// The order of the registry's protocol: layers and config, then the manifest, which makes the image visible there. In what form the
/// registry has a layer is recorded as soon as it is known: a push that was cut off finds the layers that it had sent.
/// </remarks>
/// <param name="open">Opens repositories.</param>
/// <param name="layers">The layers.</param>
/// <param name="records">The records.</param>
/// <param name="reader">The images.</param>
/// <param name="events">Who listens.</param>
/// <param name="turns">The turns of changes.</param>
/// <param name="slots">As many layers are sent at once, in all pushes.</param>
sealed class ImagePusher(
    Func<ImageReference, RegistryCredentials?, IRemoteRepository> open, IImageLayers layers, ImageRecords records, ImageReader reader,
    ImageEvents events, ChangeTurns turns, SemaphoreSlim slots)
{
    /// <summary>Pushes a tag, or all tags of a repository.</summary>
    public async Task PushAsync(PushRequest request, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        if (request.Reference.Digest is not null) throw StrakeException.Invalid("cannot push a digest reference");
        progress.Report(new TransferProgress($"The push refers to repository [{request.Reference.Name}]"));
        var names = await SelectAsync(request.Reference, cancellationToken);
        var repository = open(request.Reference, request.Credentials);
        foreach (var (name, id) in names)
        {
            var image = await reader.FindAsync(id, cancellationToken) ?? throw NoSuchTag(name);
            await PushAsync(repository, name, image, progress, cancellationToken);
        }
    }

    async Task<IReadOnlyList<(ImageReference Name, ImageId Image)>> SelectAsync(ImageReference reference, CancellationToken cancellationToken)
    {
        var all = (await records.ReadAsync(cancellationToken)).InRepository(reference).Select(n => (n.Name, n.Image.Id)).ToList();
        if (all.Count == 0) throw StrakeException.NotFound($"An image does not exist locally with the tag: {reference.FamiliarName}");
        var tagged = all.Where(n => n.Name.Digest is null).ToList();
        if (reference.Tag is null)
            return tagged.Count > 0 ? tagged : throw StrakeException.NotFound($"no tags to push for {reference.FamiliarName}");
        return tagged.Find(n => n.Name == reference) is { Name: not null } found ? [found] : throw NoSuchTag(reference);
    }

    static StrakeException NoSuchTag(ImageReference name) => StrakeException.NotFound($"tag does not exist: {name.Familiar}");

    async Task PushAsync(
        IRemoteRepository repository, ImageReference name, Image image, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        // Held until all is sent: the image may be removed meanwhile.
        await using var ingest = layers.BeginIngest();
        if (image.Chain is { } top && await ingest.HoldAsync(top, cancellationToken) is null)
            throw StrakeException.DataLoss($"push {name.Familiar}: layer {top} is gone; remove the image and pull it again");

        var forms = await SendLayersAsync(repository, image, progress, cancellationToken);
        await SendConfigAsync(repository, image.Config, cancellationToken);
        var blobs = image.Record.Layers.Select(l => forms[l.DiffId]).ToList();
        var isOci = PushedManifest.IsOci(image.Record.ManifestType, blobs);
        var manifest = PushedManifest.Write(isOci, image.Config, blobs);
        FaultPoint.Reach("push.before-manifest");
        await repository.PutManifestAsync(name.Tag!, manifest, isOci ? MediaTypes.OciManifest : MediaTypes.DockerManifest, cancellationToken);
        FaultPoint.Reach("push.after-manifest");

        var pushed = new PushedImage(name.Tag!, Digest.Of(manifest), manifest.Length);
        await RecordAsync(image.Id, forms, name.WithDigest(pushed.Digest), cancellationToken);
        progress.Report(new TransferProgress($"{pushed.Tag}: digest: {pushed.Digest} size: {pushed.SizeBytes}", Pushed: pushed));
        events.PublishTransfer("push", name, image.Config.Labels);
    }

    async Task<IReadOnlyDictionary<DiffId, LayerBlob>> SendLayersAsync(
        IRemoteRepository repository, Image image, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        // A layer that stands twice in an image is one blob. Top layer first, as Docker lists them.
        var all = image.Record.Chains.Zip(image.Record.Layers, (chain, layer) => new PushedLayer(chain, layer))
            .DistinctBy(l => l.Record.DiffId).Reverse().ToList();
        foreach (var layer in all) progress.Report(new TransferProgress("Preparing", layer.Id));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var push = new LayerPush(layers, repository);
        Exception? first = null;
        var sent = await Task.WhenAll(all.Select(SendAsync));
        cancellationToken.ThrowIfCancellationRequested();
        if (first is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        return sent.ToDictionary(s => s.Key, s => s.Value!);

        async Task<KeyValuePair<DiffId, LayerBlob?>> SendAsync(PushedLayer layer)
        {
            try
            {
                return KeyValuePair.Create(layer.Record.DiffId, (LayerBlob?)await SendOneAsync(push, image.Id, layer, progress, stop.Token));
            }
            catch (Exception e)
            {
                // What counts is what failed first, not what was stopped for it.
                Interlocked.CompareExchange(ref first, e, null);
                await stop.CancelAsync();
                return default;
            }
        }
    }

    async Task<LayerBlob> SendOneAsync(
        LayerPush push, ImageId image, PushedLayer layer, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        if (slots.CurrentCount == 0) progress.Report(new TransferProgress("Waiting", layer.Id));
        await slots.WaitAsync(cancellationToken);
        try
        {
            var (form, status) = await push.RunAsync(layer, await records.BlobsOfAsync(layer.Record.DiffId, cancellationToken), progress, cancellationToken);
            await RecordAsync(image, [KeyValuePair.Create(layer.Record.DiffId, form)], name: null, cancellationToken);
            // Who was told that it is there need not send it again, whatever happens to the daemon.
            progress.Report(new TransferProgress(status, layer.Id));
            return form;
        }
        finally
        {
            slots.Release();
        }
    }

    static async Task SendConfigAsync(IRemoteRepository repository, ImageConfig config, CancellationToken cancellationToken)
    {
        if (await repository.HasBlobAsync(config.Id.Digest, cancellationToken)) return;
        var blob = new Descriptor { MediaType = MediaTypes.DockerConfig, Digest = config.Id.Digest, SizeBytes = config.Bytes.Length };
        await repository.PushBlobAsync(blob, _ => ValueTask.FromResult<Stream>(new MemoryStream(config.Bytes.ToArray(), writable: false)), cancellationToken);
        FaultPoint.Reach("push.config.sent");
    }

    // Only for an image that is still there: what is recorded of its layers goes with it.
    async Task RecordAsync(ImageId image, IEnumerable<KeyValuePair<DiffId, LayerBlob>> forms, ImageReference? name, CancellationToken cancellationToken)
    {
        using var turn = await turns.TakeAsync(cancellationToken);
        if (await records.FindAsync(image, cancellationToken) is null) return;
        var transaction = new StateTransaction(name is null ? Durability.Eventual : Durability.Synced);
        await records.AddBlobsAsync(transaction, forms, cancellationToken);
        if (name is not null) records.PutName(transaction, name, image);
        await records.CommitAsync(transaction, "recording a push", cancellationToken);
    }
}
