using System.Collections.Concurrent;
using System.Globalization;
using Strake.Images;
using Strake.Images.Tar;

namespace Strake.Build;

/// <summary>One build from its request to its image: which stages it needs, and what they share.</summary>
sealed class BuildRun : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, Lazy<Task<StageImage>>> images = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Lazy<Task<ISourceTree>>> trees = new(StringComparer.Ordinal);
    readonly Dictionary<int, Lazy<Task<StageImage>>> stages = [];

    BuildRun(BuildServices services, BuildRequest request, Dockerfile dockerfile, IBuildContexts contexts, ISecretSource? secrets, IBuildProgress progress, ImportedSteps imported, CancellationToken stop)
    {
        (Services, Request, Dockerfile, Contexts, Secrets, Progress, Imported, Stop) = (services, request, dockerfile, contexts, secrets, progress, imported, stop);
        Ingest = services.Layers.BeginIngest();
        Scratch = new BuildScratch(services.Layers, services.Scratch);
        Epoch = EpochOf(request);
        Plan = StagePlan.Of(dockerfile, request);
        Remote = RemoteFiles.Of(services, request, secrets, stop);
    }

    public BuildServices Services { get; }

    public BuildRequest Request { get; }

    public Dockerfile Dockerfile { get; }

    public IBuildContexts Contexts { get; }

    public ISecretSource? Secrets { get; }

    public IBuildProgress Progress { get; }

    /// <summary>Steps of the images that were named for that.</summary>
    public ImportedSteps Imported { get; }

    /// <summary>Ends the build.</summary>
    public CancellationToken Stop { get; }

    /// <summary>Keeps all layers that the build met or made.</summary>
    public ILayerIngest Ingest { get; }

    public BuildScratch Scratch { get; }

    /// <summary>What the build fetches from the network.</summary>
    public RemoteFiles Remote { get; }

    public StagePlan Plan { get; }

    /// <summary>The time that everything gets; null: when it is made.</summary>
    public DateTimeOffset? Epoch { get; }

    /// <summary>Carries a build out.</summary>
    public static async Task<StageImage> RunAsync(
        BuildServices services, BuildRequest request, Dockerfile dockerfile, IBuildContexts contexts, ISecretSource? secrets, IBuildProgress progress,
        Func<BuildRun, StageImage, Task> finish, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var imported = await ImportedSteps.OfAsync(services.Images, request.CacheFrom, cancellationToken);
        await using var run = new BuildRun(services, request, dockerfile, contexts, secrets, progress, imported, stop.Token);
        try
        {
            var image = await run.BuildAsync();
            await finish(run, image);
            return image;
        }
        finally
        {
            await stop.CancelAsync();
            await run.QuietAsync();
        }
    }

    /// <summary>A stage's image, once it is built.</summary>
    public Task<StageImage> StageAsync(int stage) => stages[stage].Value;

    /// <summary>An image by its name, fetched where it is not there.</summary>
    public Task<StageImage> ImageAsync(string name, Platform? platform) =>
        images.GetOrAdd($"{name} {platform}", _ => new(() => BaseImages.FindAsync(this, name, platform))).Value;

    /// <summary>The files of a stage, of an image, or (null) of the context.</summary>
    public Task<ISourceTree> FilesAsync(string? source)
    {
        return trees.GetOrAdd(source ?? "", _ => new(OpenAsync)).Value;

        async Task<ISourceTree> OpenAsync() => source is null ? await Contexts.OpenAsync(Stop) : await Scratch.OpenAsync((await SourceAsync(source)).Chain, Stop);
    }

    /// <summary>The stage or image that a name in <c>--from</c> means.</summary>
    public Task<StageImage> SourceAsync(string source) => Plan.Find(source) is { } stage ? StageAsync(stage) : ImageAsync(source, platform: null);

    /// <summary>The latest time that a file may have; null: any.</summary>
    public TarTime? Latest => Epoch is { } epoch ? new TarTime(epoch.ToUnixTimeSeconds()) : null;

    /// <summary>The time of something that happens now.</summary>
    public DateTimeOffset Now => Epoch ?? Services.Time.GetUtcNow();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var tree in trees.Values)
        {
            // The context is its owner's.
            if (tree is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } opened } && await opened is MountedTree mounted) mounted.Dispose();
        }

        await Remote.DisposeAsync();
        await Ingest.DisposeAsync();
        Scratch.Dispose();
    }

    /// <summary>Keeps a step's result for later builds, and no more of them than may be. What the build itself goes on from, its ingest holds.</summary>
    /// <param name="key">The step's key.</param>
    /// <param name="parent">The file system before it.</param>
    /// <param name="made">The result.</param>
    /// <param name="description">The instruction.</param>
    /// <param name="stop">Honoured until the transaction is taken up.</param>
    public async Task KeepAsync(Digest key, ChainId? parent, StepResult made, string description, CancellationToken stop)
    {
        await Services.Cache.KeepAsync(key, parent, made, description, stop);
        if (Services.CacheLimitBytes > 0 && made.SizeBytes > 0)
            await new BuildPruner(Services).PruneAsync(new BuildPruneQuery { KeepBytes = Services.CacheLimitBytes }, stop);
    }

    async Task<StageImage> BuildAsync()
    {
        Progress.Plan(Plan.Needed.Sum(stage => 1 + Dockerfile.Stages[stage].Instructions.Count));
        var number = 1;
        foreach (var stage in Plan.Needed)
        {
            var first = number;
            stages[stage] = new(() => Task.Run(() => new StageRun(this, stage, first).RunAsync(), Stop));
            number += 1 + Dockerfile.Stages[stage].Instructions.Count;
        }

        // All that are needed begin at once; those that need others wait for them.
        var all = Plan.Needed.Select(StageAsync).ToList();
        while (all.Count > 0)
        {
            var done = await Task.WhenAny(all);
            all.Remove(done);
            await done;
        }

        return await StageAsync(Plan.Target);
    }

    // What still runs when another stage failed.
    async Task QuietAsync()
    {
        foreach (var stage in stages.Values.Where(static stage => stage.IsValueCreated)) await ((Task)stage.Value).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    static DateTimeOffset? EpochOf(BuildRequest request)
    {
        if (!request.Arguments.TryGetValue(Predefined.SourceDateEpoch, out var text) || string.IsNullOrEmpty(text)) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw StrakeException.Invalid($"{Predefined.SourceDateEpoch}={text} is no number of seconds since 1970");
    }
}
