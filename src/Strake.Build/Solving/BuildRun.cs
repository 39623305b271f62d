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
    readonly EndedProcesses ended = new();
    readonly CancellationTokenSource stopping;

    BuildRun(BuildServices services, BuildRequest request, Dockerfile dockerfile, IBuildContexts contexts, ISecretSource? secrets, IBuildProgress progress, ImportedSteps imported, CancellationTokenSource stopping)
    {
        (Services, Request, Dockerfile, Contexts, Secrets, Progress, Imported) = (services, request, dockerfile, contexts, secrets, progress, imported);
        this.stopping = stopping;
        Ingest = services.Layers.BeginIngest();
        Scratch = new BuildScratch(services.Layers, services.Scratch);
        Epoch = EpochOf(request);
        Plan = StagePlan.Of(dockerfile, request);
        Remote = RemoteFiles.Of(services, request, secrets, stopping.Token);
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
    public CancellationToken Stop => stopping.Token;

    /// <summary>Keeps all layers that the build met or made.</summary>
    public ILayerIngest Ingest { get; }

    public BuildScratch Scratch { get; }

    /// <summary>What the build fetches from the network.</summary>
    public RemoteFiles Remote { get; }

    public StagePlan Plan { get; }

    /// <summary>The time that everything gets; null: when it is made.</summary>
    public DateTimeOffset? Epoch { get; }

    /// <summary>Prepares a build.</summary>
    public static async Task<BuildRun> BeginAsync(
        BuildServices services, BuildRequest request, Dockerfile dockerfile, IBuildContexts contexts, ISecretSource? secrets, IBuildProgress progress,
        CancellationToken cancellationToken)
    {
        var imported = await ImportedSteps.OfAsync(services.Images, request.CacheFrom, cancellationToken);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        return new BuildRun(services, request, dockerfile, contexts, secrets, progress, imported, stop);
    }

    /// <summary>Takes an ended program over, to be removed while the build goes on.</summary>
    public Task LetGoAsync(IProcessResult process) => ended.AddAsync(process);

    /// <summary>A stage's image, once it is built.</summary>
    public Task<StageImage> StageAsync(int stage) => stages[stage].Value;

    /// <summary>An image by its name, fetched where it is not there; a context of that name goes before.</summary>
    public Task<StageImage> ImageAsync(string name, Platform? platform) =>
        images.GetOrAdd($"{name} {platform}", _ => new(() => FindImageAsync(name, platform))).Value;

    /// <summary>The files of a stage, of an image, or (null) of the context.</summary>
    /// <param name="source">The name.</param>
    /// <param name="step">The step that wants them.</param>
    public Task<ISourceTree> FilesAsync(string? source, BuildStep step)
    {
        // What the Dockerfile needs of the context is known before it is fetched; what a base image's triggers need is not.
        if (source is null) return trees.GetOrAdd(step.IsTrigger ? "*" : "", _ => new(() => OpenContextAsync(step.IsTrigger))).Value;
        return trees.GetOrAdd("/" + source, _ => new(() => OpenAsync(source))).Value;
    }

    /// <summary>Whether a name in <c>--from</c> means files that come with the build, and neither stage nor image.</summary>
    public bool IsContext(string source) => Request.FindContext(source) is { } context && Request.NamedContexts[context] is null;

    /// <summary>The stage or image that a name in <c>--from</c> means.</summary>
    public Task<StageImage> SourceAsync(string source) => Plan.Find(source) is { } stage ? StageAsync(stage) : ImageAsync(source, platform: null);

    /// <summary>Whether a step is carried out though its result is known.</summary>
    public bool IsUncached(BuildStep step) =>
        Request.NoCache || (step.Stage >= 0 && Dockerfile.Stages[step.Stage].Name is { } name && Request.NoCacheStages.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>The latest time that a file may have; null: any.</summary>
    public TarTime? Latest => Epoch is { } epoch ? new TarTime(epoch.ToUnixTimeSeconds()) : null;

    /// <summary>The time of something that happens now.</summary>
    public DateTimeOffset Now => Epoch ?? Services.Time.GetUtcNow();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await QuietAsync();
        foreach (var tree in trees.Values)
        {
            // The context is its owner's.
            if (tree is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } opened } && await opened is MountedTree mounted) mounted.Dispose();
        }

        try
        {
            await ended.DisposeAsync();
        }
        finally
        {
            await Remote.DisposeAsync();
            await Ingest.DisposeAsync();
            Scratch.Dispose();
            stopping.Dispose();
        }
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

    /// <summary>The config of an image that the build made.</summary>
    public ImageConfig ConfigOf(StageImage image) => image.ToConfig(Epoch is null && image.Created is { } created ? created : Rfc3339.Format(Now));

    /// <summary>Builds the stage that is wanted, and those that it needs.</summary>
    public async Task<StageImage> BuildAsync()
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

    async Task<ISourceTree> OpenContextAsync(bool isWhole)
    {
        var paths = isWhole ? null : ContextPaths.Of(Plan.Needed.Select(stage => Dockerfile.Stages[stage]));
        return (await Contexts.OpenAsync(paths, Stop)).Tree;
    }

    async Task<ISourceTree> OpenAsync(string source)
    {
        if (IsContext(source)) return (await FindContextAsync(Request.FindContext(source)!)).Tree;
        return await Scratch.OpenAsync((await SourceAsync(source)).Chain, Stop);
    }

    async Task<StageImage> FindImageAsync(string name, Platform? platform)
    {
        if (Request.FindContext(name) is not { } context) return await BaseImages.FindAsync(this, name, platform);
        if (Request.NamedContexts[context] is { } image) return await BaseImages.FindAsync(this, image, platform);
        var files = await FindContextAsync(context);
        var layer = await ContextLayer.MakeAsync(this, files.Tree, "", "", Stop);
        var empty = StageImage.Scratch(Plan.Platform);
        if (layer is null) return empty;
        var entry = new HistoryEntry { Created = Rfc3339.Format(Now), CreatedBy = $"context {context} # strake" };
        return empty.After(new StepResult(layer.Chain, layer.DiffId, layer.SizeBytes, Now)).Recorded(entry, key: null);
    }

    async Task<ContextFiles> FindContextAsync(string name) =>
        await Contexts.FindAsync(name, Stop) ?? throw StrakeException.NotFound($"build context {name}: the client has none of that name");

    static DateTimeOffset? EpochOf(BuildRequest request)
    {
        if (!request.Arguments.TryGetValue(Predefined.SourceDateEpoch, out var text) || string.IsNullOrEmpty(text)) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw StrakeException.Invalid($"{Predefined.SourceDateEpoch}={text} is no number of seconds since 1970");
    }
}
