namespace Strake.Images;

/// <summary>Makes an image of a root file system: <c>docker import</c>.</summary>
sealed class ImageImporter(IImageLayers layers, ImagePublisher publisher, ImageEvents events, ImageStoreOptions options)
{
    /// <summary>Reads a tar into a layer and makes an image of it.</summary>
    public async Task<ImageId> ImportAsync(Stream tar, ImageImport import, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        // Before the first byte is read: a typing error must not cost an upload.
        var defaults = import.Change is { } change ? change(new ContainerDefaults()) : new ContainerDefaults();

        await using var ingest = layers.BeginIngest();
        var receipt = await ingest.ReceiveAsync(tar, LayerExpectation.None, progress, cancellationToken);
        var chains = await ingest.CommitAsync([new ReceivedLayer(receipt.DiffId, receipt)], cancellationToken);
        try
        {
            var config = ImageConfig.Create(ConfigOf(import, defaults, receipt.DiffId));
            IReadOnlyList<ImageReference> names = import.Reference is null ? [] : [import.Reference.OrLatest()];
            await publisher.PublishAsync([new NewImage(config, Parent: null, names)], "import", cancellationToken);
            foreach (var name in names) events.Publish("tag", config.Id, config.Labels, name.Familiar);
            return config.Id;
        }
        catch
        {
            // The ingest lets go first: what it holds is not collected.
            await ingest.DisposeAsync();
            await layers.CollectAsync(chains, CancellationToken.None);
            throw;
        }
    }

    ImageConfig ConfigOf(ImageImport import, ContainerDefaults defaults, DiffId layer)
    {
        var platform = import.Platform ?? options.Platform;
        var now = Rfc3339.Format(options.Clock.GetUtcNow());
        return new ImageConfig
        {
            Architecture = platform.Architecture,
            Comment = import.Message,
            Created = now,
            Defaults = defaults,
            Os = platform.Os,
            Variant = platform.Variant,
            RootFs = new RootFileSystem { Type = RootFileSystem.LayersType, DiffIds = [layer] },
            History = [new HistoryEntry { Created = now, Comment = import.Message }],
        };
    }
}
