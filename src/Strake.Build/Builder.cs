using Strake.Images;

namespace Strake.Build;

/// <summary>
/// Builds images from Dockerfiles. A build is a graph: stages that do not need one another are built at once, those that nobody needs not at
/// all, and a step whose result is known from whatever build is not carried out again.
/// </summary>
/// <remarks>
/// <para>All members are thread-safe. Builds at once share the steps that they have in common.</para>
/// <example><code>
/// var builder = new Builder(options);
/// var outcome = await builder.BuildAsync(new BuildRequest { Tags = ["app"] }, contexts, secrets: null, progress, ct);
/// </code></example>
/// </remarks>
public sealed class Builder
{
    readonly BuildServices services;
    readonly BuildPruner pruner;

    /// <summary>A builder. Removes what builds of a daemon that was killed have left.</summary>
    /// <param name="options">What it works with.</param>
    public Builder(BuilderOptions options)
    {
        BuildScratch.RemoveAll(options.ScratchDirectory);
        Directory.CreateDirectory(options.ScratchDirectory, Linux.Permissions.Octal0700);
        Directory.CreateDirectory(options.DataDirectory, Linux.Permissions.Octal0700);   // parents of a folder do not get its mode
        var packs = Path.Combine(options.DataDirectory, "context");
        Directory.CreateDirectory(packs, Linux.Permissions.Octal0700);
        // Repositories under way when a daemon was killed.
        var repositories = Path.Combine(options.DataDirectory, "git");
        if (Directory.Exists(repositories)) Linux.TreeRemoval.Remove(repositories);
        Directory.CreateDirectory(repositories, Linux.Permissions.Octal0700);
        services = new BuildServices
        {
            Images = options.Images,
            Layers = options.Layers,
            Cache = new StepCache(options.State, options.Time),
            CacheMounts = new CacheMounts(Path.Combine(options.DataDirectory, "cache")),
            Runner = options.Runner,
            Work = new SharedWork<Digest, StepResult>(),
            CacheLimitBytes = options.CacheLimitBytes,
            Scratch = options.ScratchDirectory,
            Packs = packs,
            Repositories = repositories,
            Remote = options.Remote,
            RemoteVersions = new RemoteVersions(options.State, options.Time),
            Time = options.Time,
        };
        pruner = new BuildPruner(services);
    }

    /// <summary>Receives a context that is sent as a tar.</summary>
    /// <param name="tar">The tar, plain or compressed; read to its end.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="StrakeException">Invalid: no tar. Exhausted: no space.</exception>
    public async Task<IBuildContexts> ReceiveAsync(Stream tar, CancellationToken cancellationToken) =>
        new ReceivedContext(await TarContext.ReceiveAsync(tar, services.Packs, cancellationToken));

    /// <summary>Fetches a context from the network: a git repository, a tar, or a Dockerfile alone.</summary>
    /// <param name="remote">
    /// The place: <c>https://host/path.git#ref:directory</c>, <c>git@host:path</c>, <c>github.com/user/repository</c>; or any other address of http or https.
    /// </param>
    /// <param name="arguments">The build's arguments, for the proxies that they name.</param>
    /// <param name="cancellationToken">Ends it; nothing is left then.</param>
    /// <exception cref="StrakeException">
    /// Invalid: no such place, or neither a tar nor a Dockerfile. NotFound, PermissionDenied, Unavailable: what the server or git said. TooLarge: over
    /// the bound of <see cref="RemoteOptions"/>. NotSupported: this host has no git.
    /// </exception>
    public Task<IBuildContexts> FetchAsync(string remote, IReadOnlyDictionary<string, string?> arguments, CancellationToken cancellationToken) =>
        RemoteContexts.FetchAsync(services, remote, arguments, cancellationToken);

    /// <summary>Builds an image.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="contexts">The files.</param>
    /// <param name="secrets">The client's secrets; null: it has none.</param>
    /// <param name="progress">Hears how it goes.</param>
    /// <param name="cancellationToken">Ends it: programs are killed, and nothing is left but finished steps.</param>
    /// <exception cref="StrakeException">
    /// Invalid: the Dockerfile, or a program that failed; <see cref="DockerfileFault"/> says where. NotFound: a file or an image.
    /// Exhausted: no space.
    /// </exception>
    public async Task<BuildOutcome> BuildAsync(
        BuildRequest request, IBuildContexts contexts, ISecretSource? secrets, IBuildProgress progress, CancellationToken cancellationToken)
    {
        var names = request.Tags.Select(ImageReference.Parse).Select(static name => name.OrLatest()).ToList();
        var bytes = request.Dockerfile ?? await contexts.ReadDockerfileAsync(request.DockerfilePath, cancellationToken);
        List<DockerfileWarning> warnings = [];
        var dockerfile = DockerfileParser.Parse(bytes.Span, warnings);
        foreach (var warning in warnings) progress.Warn($"{warning.Rule}: {warning.Message} (line {warning.Lines.Start})");
        WarnOfUnused(request, dockerfile, progress);
        ImageConfig? config = null;
        await BuildRun.RunAsync(services, request, dockerfile, contexts, secrets, progress, FinishAsync, cancellationToken);
        return new BuildOutcome(config!.Id, names);

        async Task FinishAsync(BuildRun run, StageImage image)
        {
            var labelled = request.Labels.Count == 0 ? image : image with { Defaults = DefaultsChange.WithLabels(image.Defaults, request.Labels) };
            config = ConfigOf(labelled);
            if (request.Squash) config = ConfigOf(await Squash.ApplyAsync(run, labelled, config.Id));
            FaultPoint.Reach("build.image.before");
            await services.Images.CreateAsync(config, names, run.Stop);
            FaultPoint.Reach("build.image.made");

            ImageConfig ConfigOf(StageImage made) => made.ToConfig(run.Epoch is null && made.Created is { } created ? created : Rfc3339.Format(run.Now));
        }
    }

    /// <summary>What builds have left for later ones.</summary>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public Task<IReadOnlyList<BuildCacheItem>> ListCacheAsync(CancellationToken cancellationToken) => pruner.ListAsync(cancellationToken);

    /// <summary>Removes what builds have left, that which was of no use for the longest time first.</summary>
    /// <param name="query">What, and how much of it.</param>
    /// <param name="cancellationToken">Honoured between two items.</param>
    public Task<BuildPruneReport> PruneAsync(BuildPruneQuery query, CancellationToken cancellationToken) => PruneAllAsync(query, cancellationToken);

    async Task<BuildPruneReport> PruneAllAsync(BuildPruneQuery query, CancellationToken cancellationToken)
    {
        if (query.Ids.Count == 0 && query.Kinds.Count == 0) await services.RemoteVersions.ForgetAsync(query.UnusedSince, cancellationToken);
        return await pruner.PruneAsync(query, cancellationToken);
    }

    static void WarnOfUnused(BuildRequest request, Dockerfile dockerfile, IBuildProgress progress)
    {
        var declared = dockerfile.GlobalArgs.Concat(dockerfile.Stages.SelectMany(static stage => stage.Instructions).OfType<ArgInstruction>())
            .SelectMany(static arg => arg.Declarations).Select(static declaration => declaration.Name).ToHashSet(StringComparer.Ordinal);
        var unused = request.Arguments.Keys.Where(name => !declared.Contains(name) && !Predefined.IsKnown(name)).Order(StringComparer.Ordinal).ToList();
        if (unused.Count > 0) progress.Warn($"One or more build-args [{string.Join(' ', unused)}] were not consumed");
    }
}
