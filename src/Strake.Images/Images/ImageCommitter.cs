namespace Strake.Images;

/// <summary>Makes images of images: <c>docker commit</c> and build steps.</summary>
sealed class ImageCommitter(ImageReader reader, ImagePublisher publisher, ImageEvents events, ImageStoreOptions options)
{
    /// <summary>Makes an image of a parent and a layer.</summary>
    public async Task<ImageId> CreateAsync(ImageCommit commit, CancellationToken cancellationToken)
    {
        var parent = commit.Parent is { } id
            ? await reader.FindAsync(id, cancellationToken) ?? throw ImageResolver.NoSuchImage(id.ToString())
            : null;
        var config = ImageConfig.Create(ConfigOf(commit, parent?.Config));
        IReadOnlyList<ImageReference> names = commit.Reference is null ? [] : [commit.Reference.OrLatest()];
        await publisher.PublishAsync([new NewImage(config, commit.Parent, names)], action: null, cancellationToken);
        foreach (var name in names) events.Publish("tag", config.Id, config.Labels, name.Familiar);
        return config.Id;
    }

    /// <summary>Makes an image of a config.</summary>
    public async Task CreateAsync(ImageConfig config, IReadOnlyList<ImageReference> names, CancellationToken cancellationToken)
    {
        await publisher.PublishAsync([new NewImage(config, Parent: null, names)], action: null, cancellationToken);
        foreach (var name in names) events.Publish("tag", config.Id, config.Labels, name.Familiar);
    }

    ImageConfig ConfigOf(ImageCommit commit, ImageConfig? parent)
    {
        // A layer that changes nothing is no layer, but a step in the history.
        var layer = commit.Layer == DiffId.Empty ? null : commit.Layer;
        var platform = parent?.Platform ?? commit.Platform ?? options.Platform;
        var now = Rfc3339.Format(options.Clock.GetUtcNow());
        var defaults = commit.Defaults ?? parent?.Defaults ?? new ContainerDefaults();
        return new ImageConfig
        {
            Architecture = platform.Architecture,
            Author = NullIfEmpty(commit.Author),
            Comment = NullIfEmpty(commit.Comment),
            Created = now,
            Defaults = commit.Change is { } change ? change(defaults) : defaults,
            Os = platform.Os,
            OsFeatures = platform.OsFeatures,
            OsVersion = platform.OsVersion,
            Variant = platform.Variant,
            RootFs = new RootFileSystem
            {
                Type = RootFileSystem.LayersType,
                DiffIds = [.. parent?.DiffIds ?? [], .. layer is { } top ? [top] : Array.Empty<DiffId>()],
            },
            History =
            [
                .. parent?.History ?? [],
                new HistoryEntry
                {
                    Created = now,
                    Author = NullIfEmpty(commit.Author),
                    CreatedBy = NullIfEmpty(commit.CreatedBy),
                    Comment = NullIfEmpty(commit.Comment),
                    EmptyLayer = layer is null,
                },
            ],
        };
    }

    static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
