using Strake.Images;
using Strake.Layers.Archive;
using Strake.Linux;

namespace Strake.Build;

/// <summary>What a build made. Its layers are kept while it is not disposed; an image is made of it on demand.</summary>
public sealed class BuildResult : IAsyncDisposable
{
    readonly BuildRun run;
    readonly StageImage image;

    internal BuildResult(BuildRun run, StageImage image)
    {
        (this.run, this.image) = (run, image);
        Config = run.ConfigOf(image);
    }

    /// <summary>The config of the image that it makes.</summary>
    public ImageConfig Config { get; }

    /// <summary>Makes the image.</summary>
    /// <param name="tags">The names that it gets, as users write them.</param>
    /// <param name="cancellationToken">Honoured until the transaction is taken up.</param>
    /// <exception cref="StrakeException">Invalid: a name is none.</exception>
    public async Task<BuildOutcome> PublishAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        var names = NamesOf(tags);
        FaultPoint.Reach("build.image.before");
        await run.Services.Images.CreateAsync(Config, names, cancellationToken);
        FaultPoint.Reach("build.image.made");
        return new BuildOutcome(Config.Id, names);
    }

    /// <summary>Writes the image as an archive, docker-archive and OCI layout in one; the store does not get it.</summary>
    /// <param name="tags">The names that the archive gives it, as users write them.</param>
    /// <param name="target">Receives a tar; not closed.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <exception cref="StrakeException">Invalid: a name is none.</exception>
    public Task SaveAsync(IReadOnlyList<string> tags, Stream target, CancellationToken cancellationToken) =>
        run.Services.Images.SaveAsync(Config, NamesOf(tags), target, cancellationToken);

    /// <summary>Opens its file system; it is mounted where nobody sees it.</summary>
    /// <param name="rule">How paths are resolved.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The root; the caller disposes it.</returns>
    public Task<RootedDirectory> OpenAsync(PathRule rule, CancellationToken cancellationToken) => run.Scratch.OpenRootAsync(image.Chain, rule, cancellationToken);

    /// <summary>Writes its files as a tar.</summary>
    /// <param name="target">Receives it; not closed.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    public async Task WriteTarAsync(Stream target, CancellationToken cancellationToken)
    {
        using var root = await OpenAsync(PathRule.Strict, cancellationToken);
        using var readable = root.OpenDirectory(".");
        await TreeTar.WriteTreeAsync(readable, includesRoot: false, target, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => run.DisposeAsync();

    static List<ImageReference> NamesOf(IReadOnlyList<string> tags) => [.. tags.Select(ImageReference.Parse).Select(static name => name.OrLatest())];
}
