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
public sealed class Builder : IDisposable
{
    readonly BuildServices services;
    readonly BuildPruner pruner;
    readonly ContextKeeper contexts;

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
        contexts = new ContextKeeper(packs);
    }

    /// <summary>Receives a context that is sent as a tar.</summary>
    /// <param name="tar">The tar, plain or compressed; read to its end.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="StrakeException">Invalid: no tar. Exhausted: no space.</exception>
    public async Task<IBuildContexts> ReceiveAsync(Stream tar, CancellationToken cancellationToken) =>
        new ReceivedContext(new ContextFiles(await TarContext.ReceiveAsync(tar, services.Packs, cancellationToken)));

    /// <summary>Receives what a client has on its standard input: a tar of a context, or a Dockerfile alone, to which no context belongs.</summary>
    /// <param name="upload">The bytes; read to their end.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="StrakeException">Invalid: a tar that is none. TooLarge: a Dockerfile beyond all reason. Exhausted: no space.</exception>
    public async Task<IBuildContexts> ReceiveUploadAsync(Stream upload, CancellationToken cancellationToken)
    {
        var start = new byte[TarContext.StartLength];
        var length = await upload.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        await using var whole = new PrefixedStream(start.AsMemory(0, length), upload);
        if (TarContext.IsTar(start.AsSpan(0, length))) return await ReceiveAsync(whole, cancellationToken);
        return ReceivedContext.OfDockerfile(await ReadAllAsync(whole, cancellationToken), services.Packs);
    }

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

    /// <summary>Receives a context file by file.</summary>
    /// <param name="key">The client's directory: what has not changed since it was sent last need not be sent again. Empty: it is not known again.</param>
    public ContextDraft BeginContext(string key) => contexts.Begin(key);

    /// <summary>Builds an image and gives it its names.</summary>
    /// <inheritdoc cref="SolveAsync"/>
    public async Task<BuildOutcome> BuildAsync(
        BuildRequest request, IBuildContexts contexts, ISecretSource? secrets, IBuildProgress progress, CancellationToken cancellationToken)
    {
        foreach (var tag in request.Tags) ImageReference.Parse(tag);
        await using var result = await SolveAsync(request, contexts, secrets, progress, cancellationToken);
        return await result.PublishAsync(request.Tags, cancellationToken);
    }

    /// <summary>Builds.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="contexts">The files.</param>
    /// <param name="secrets">The client's secrets; null: it has none.</param>
    /// <param name="progress">Hears how it goes.</param>
    /// <param name="cancellationToken">Ends it: programs are killed, and nothing is left but finished steps.</param>
    /// <returns>The result, which no image is yet; the caller disposes it.</returns>
    /// <exception cref="StrakeException">
    /// Invalid: the Dockerfile, or a program that failed; <see cref="DockerfileFault"/> says where. NotFound: a file or an image.
    /// Exhausted: no space.
    /// </exception>
    public async Task<BuildResult> SolveAsync(
        BuildRequest request, IBuildContexts contexts, ISecretSource? secrets, IBuildProgress progress, CancellationToken cancellationToken)
    {
        var bytes = request.Dockerfile ?? await contexts.ReadDockerfileAsync(request.DockerfilePath, cancellationToken);
        List<DockerfileWarning> warnings = [];
        var dockerfile = DockerfileParser.Parse(bytes.Span, warnings);
        foreach (var warning in warnings) progress.Warn($"{warning.Rule}: {warning.Message} (line {warning.Lines.Start})");
        WarnOfUnused(request, dockerfile, progress);
        var run = await BuildRun.BeginAsync(services, request, dockerfile, contexts, secrets, progress, cancellationToken);
        try
        {
            var image = await run.BuildAsync();
            if (request.Labels.Count > 0) image = image with { Defaults = DefaultsChange.WithLabels(image.Defaults, request.Labels) };
            return new BuildResult(run, request.Squash ? await Squash.ApplyAsync(run, image, run.ConfigOf(image).Id) : image);
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>What builds have left for later ones.</summary>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public Task<IReadOnlyList<BuildCacheItem>> ListCacheAsync(CancellationToken cancellationToken) => pruner.ListAsync(cancellationToken);

    /// <summary>Removes what builds have left, that which was of no use for the longest time first.</summary>
    /// <param name="query">What, and how much of it.</param>
    /// <param name="cancellationToken">Honoured between two items.</param>
    public async Task<BuildPruneReport> PruneAsync(BuildPruneQuery query, CancellationToken cancellationToken)
    {
        if (query.Ids.Count == 0 && query.Kinds.Count == 0) await services.RemoteVersions.ForgetAsync(query.UnusedSince, cancellationToken);
        return await pruner.PruneAsync(query, cancellationToken);
    }

    /// <summary>How much is free where builds keep what they leave; bytes.</summary>
    public long FreeBytes => new DriveInfo(services.Packs).AvailableFreeSpace;

    /// <summary>Gives back what was kept for contexts.</summary>
    public void Dispose() => contexts.Dispose();

    static async Task<byte[]> ReadAllAsync(Stream dockerfile, CancellationToken cancellationToken)
    {
        var bytes = new byte[DockerfileLimits.FileBytes + 1];
        var length = await dockerfile.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return length <= DockerfileLimits.FileBytes ? bytes[..length] : throw StrakeException.TooLarge($"the Dockerfile is longer than {DockerfileLimits.FileBytes} bytes");
    }

    static void WarnOfUnused(BuildRequest request, Dockerfile dockerfile, IBuildProgress progress)
    {
        var declared = dockerfile.GlobalArgs.Concat(dockerfile.Stages.SelectMany(static stage => stage.Instructions).OfType<ArgInstruction>())
            .SelectMany(static arg => arg.Declarations).Select(static declaration => declaration.Name).ToHashSet(StringComparer.Ordinal);
        var unused = request.Arguments.Keys.Where(name => !declared.Contains(name) && !Predefined.IsKnown(name)).Order(StringComparer.Ordinal).ToList();
        if (unused.Count > 0) progress.Warn($"One or more build-args [{string.Join(' ', unused)}] were not consumed");
    }
}
