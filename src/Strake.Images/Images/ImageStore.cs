namespace Strake.Images;

/// <summary>
/// The images of an engine: their configs, names and what belongs to them. It knows bytes; layers are kept by
/// <see cref="IImageLayers"/>, and what uses an image is known by <see cref="IImageUsers"/>.
/// </summary>
/// <remarks>
/// <para>Laws:</para>
/// <list type="bullet">
/// <item>An image is there with its config, its layers and its names, or not at all: the record, the names and the reference
/// that keeps the layers are one transaction, written after config and layers are durable.</item>
/// <item>Wherever an operation is cut off, opening the store leaves only what records name.</item>
/// <item>A digest that does not match is data loss, and never becomes an image.</item>
/// </list>
/// <para>All members are thread-safe. Names are what users write: a reference, an ID, or the beginning of an ID.</para>
/// <example><code>
/// var images = await ImageStore.OpenAsync(options, ct);
/// foreach (var loaded in await images.LoadAsync(body, progress: null, ct)) …
/// var busybox = await images.GetAsync("busybox", ct);
/// await images.RemoveAsync("busybox", new ImageRemovalOptions(), ct);
/// </code></example>
/// </remarks>
public sealed class ImageStore
{
    readonly ImageRecords _records;
    readonly ImageResolver _resolver;
    readonly ImageReader _reader;
    readonly ImageList _list;
    readonly ImageTagger _tagger;
    readonly ImageRemover _remover;
    readonly ImagePruner _pruner;
    readonly ImageLoader _loader;
    readonly ImageExporter _exporter;
    readonly ImageImporter _importer;
    readonly ImageCommitter _committer;
    readonly ImageCheck _check;
    readonly ImagePuller _puller;
    readonly ImagePusher _pusher;
    readonly PartStore _parts;

    readonly Func<ImageReference, RegistryCredentials?, IRemoteRepository> _repositories;

    ImageStore(ImageStoreOptions options, ImageRecords records, BlobStore blobs, IReadOnlyList<string> openFindings)
    {
        _repositories = options.Repositories ?? NoNetwork;
        OpenFindings = openFindings;
        var turns = new ChangeTurns();
        var events = new ImageEvents(options.Events, options.Clock);
        var publisher = new ImagePublisher(records, blobs, options.Layers, events, turns, options.Clock);
        _records = records;
        _resolver = new ImageResolver(records);
        _reader = new ImageReader(records, blobs);
        _list = new ImageList(records, _resolver);
        _tagger = new ImageTagger(records, _resolver, events, turns, options.Clock);
        _remover = new ImageRemover(records, _resolver, blobs, options.Layers, options.Users, events, turns);
        _pruner = new ImagePruner(records, _remover, events);
        _loader = new ImageLoader(options.Layers, publisher, options.Platform);
        _exporter = new ImageExporter(new SaveSelection(records, _resolver, _reader), options.Layers, events);
        _importer = new ImageImporter(options.Layers, publisher, events, options);
        _committer = new ImageCommitter(_reader, publisher, events, options);
        _check = new ImageCheck(options.State, records, blobs, options.Layers);
        _parts = new PartStore(Path.Combine(options.Directory, "ingest"), options.Clock);
        var download = new LayerDownload(_parts, new SemaphoreSlim(options.Downloads));
        _puller = new ImagePuller(
            _repositories, new RemoteImageResolver(options.Platform), new PullSessions(options.Layers, download), _parts,
            records, _reader, publisher, events);
        _pusher = new ImagePusher(
            _repositories, options.Layers, records, _reader, events, turns, new SemaphoreSlim(options.Uploads));
    }

    /// <summary>Opens the store: removes what no record names, and reports what records miss.</summary>
    /// <param name="options">What the store works with.</param>
    /// <param name="cancellationToken">Cancels between two files.</param>
    /// <exception cref="StrakeException">The folder cannot be used. (A record that cannot be read is one of <see cref="OpenFindings"/>.)</exception>
    public static async Task<ImageStore> OpenAsync(ImageStoreOptions options, CancellationToken cancellationToken)
    {
        var records = new ImageRecords(options.State);
        var blobs = BlobStore.Open(options.Directory);
        var store = new ImageStore(options, records, blobs, await ImageRecovery.RunAsync(records, blobs, cancellationToken));
        store._parts.Prune();
        return store;
    }

    /// <summary>What <see cref="OpenAsync"/> found amiss and could not mend, a sentence each; empty in a sound store.</summary>
    public IReadOnlyList<string> OpenFindings { get; }

    /// <summary>The images that a query lets through, newest first.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StrakeException">Invalid: a malformed pattern. NotFound: an image to compare with.</exception>
    public Task<IReadOnlyList<ImageSummary>> ListAsync(ImageQuery query, CancellationToken cancellationToken) =>
        _list.QueryAsync(query, cancellationToken);

    /// <summary>What all images take.</summary>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public Task<ImageUsage> MeasureAsync(CancellationToken cancellationToken) => _list.MeasureAsync(cancellationToken);

    /// <summary>An image by its name, or by its ID or the beginning of it; a name wins.</summary>
    /// <param name="name">Such as <c>busybox</c>, <c>busybox:1@sha256:…</c>, <c>sha256:…</c>, <c>3fba</c>.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StrakeException">
    /// NotFound: <c>No such image: busybox:latest</c>. Invalid: not a name, or the beginning of several IDs. DataLoss: its
    /// config is damaged.
    /// </exception>
    public async Task<Image> GetAsync(string name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken) ?? throw ImageResolver.NoSuchImage(name);

    /// <summary>Like <see cref="GetAsync"/>, for callers to whom a missing image is an expected outcome.</summary>
    /// <param name="name">As there.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The image; null when there is none.</returns>
    /// <exception cref="StrakeException">Invalid, DataLoss: as there.</exception>
    public async Task<Image?> FindAsync(string name, CancellationToken cancellationToken) =>
        await _resolver.FindAsync(name, cancellationToken) is { } id ? await _reader.FindAsync(id, cancellationToken) : null;

    /// <summary>The image of an ID.</summary>
    /// <param name="id">The full ID.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The image; null when there is none.</returns>
    /// <exception cref="StrakeException">DataLoss: its config is damaged.</exception>
    public Task<Image?> FindAsync(ImageId id, CancellationToken cancellationToken) => _reader.FindAsync(id, cancellationToken);

    /// <summary>How an image came to be, newest step first.</summary>
    /// <param name="name">The image.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StrakeException">As <see cref="GetAsync"/>.</exception>
    public async Task<IReadOnlyList<HistoryStep>> HistoryAsync(string name, CancellationToken cancellationToken) =>
        ImageHistory.Of(await GetAsync(name, cancellationToken), await _records.ReadAsync(cancellationToken));

    /// <summary>Gives an image a name, taking it from the image that had it.</summary>
    /// <param name="name">The image.</param>
    /// <param name="target">The new name; a name alone is tagged <c>latest</c>.</param>
    /// <param name="cancellationToken">Honoured until the transaction is taken up.</param>
    /// <exception cref="StrakeException">As <see cref="GetAsync"/>; Invalid: the target has a digest.</exception>
    public Task TagAsync(string name, ImageReference target, CancellationToken cancellationToken) =>
        _tagger.TagAsync(name, target, cancellationToken);

    /// <summary>Removes a name, and the image when it was its last one; by ID, the image with its only name.</summary>
    /// <param name="name">The image.</param>
    /// <param name="options">Whether to force, whether to go on to parents.</param>
    /// <param name="cancellationToken">Honoured until the first transaction is taken up.</param>
    /// <returns>What is gone, in order.</returns>
    /// <exception cref="StrakeException">Conflict, in Docker's words; otherwise as <see cref="GetAsync"/>.</exception>
    public Task<IReadOnlyList<ImageRemoval>> RemoveAsync(string name, ImageRemovalOptions options, CancellationToken cancellationToken) =>
        _remover.RemoveAsync(name, options, cancellationToken);

    /// <summary>Removes images that nobody needs.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Honoured between two images.</param>
    public async Task<ImagePruneReport> PruneAsync(ImagePruneQuery query, CancellationToken cancellationToken)
    {
        var freed = _parts.Prune();
        var report = await _pruner.PruneAsync(query, cancellationToken);
        return report with { ReclaimedBytes = report.ReclaimedBytes + freed };
    }

    /// <summary>
    /// Takes in the images of an archive (docker-archive, OCI layout, or both in one) in one pass over the stream. All of them
    /// become visible in one moment, or none.
    /// </summary>
    /// <param name="archive">The tar, plain or compressed; read to its end, not closed.</param>
    /// <param name="progress">Receives how far each layer is; may be null.</param>
    /// <param name="cancellationToken">Honoured until the transaction is taken up.</param>
    /// <returns>The images in the archive's order.</returns>
    /// <exception cref="StrakeException">
    /// Invalid: malformed, over a limit, or it names what it does not hold. DataLoss: a digest does not match. Exhausted: no
    /// space. In each case nothing of the archive is left.
    /// </exception>
    public Task<IReadOnlyList<LoadedImage>> LoadAsync(Stream archive, IProgress<LayerProgress>? progress, CancellationToken cancellationToken) =>
        _loader.LoadAsync(archive, progress, cancellationToken);

    /// <summary>
    /// Writes images as one tar that is a docker-archive and an OCI layout, with constant memory. The same images give the same
    /// bytes.
    /// </summary>
    /// <param name="names">References, repositories (all of their tags), IDs.</param>
    /// <param name="target">Receives the tar; not closed.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <exception cref="StrakeException">As <see cref="GetAsync"/>, before the first byte is written; DataLoss: a layer is damaged.</exception>
    public Task SaveAsync(IReadOnlyList<string> names, Stream target, CancellationToken cancellationToken) =>
        _exporter.SaveAsync(names, target, cancellationToken);

    /// <summary>Writes an image as <see cref="SaveAsync(IReadOnlyList{string}, Stream, CancellationToken)"/> does, though it is not in the store.</summary>
    /// <param name="config">Its config; its layers are stored, and an open ingest holds them.</param>
    /// <param name="names">The names that the archive gives it.</param>
    /// <param name="target">Receives a tar; it need not be seekable, and is not closed.</param>
    /// <param name="cancellationToken">Cancels between two blocks.</param>
    /// <exception cref="StrakeException">NotFound: a layer is not stored. DataLoss: one is damaged.</exception>
    public Task SaveAsync(ImageConfig config, IReadOnlyList<ImageReference> names, Stream target, CancellationToken cancellationToken) =>
        _exporter.SaveAsync(config, names, target, cancellationToken);

    /// <summary>Makes an image of one layer from a root file system's tar.</summary>
    /// <param name="tar">The tar, plain or compressed; read to its end, not closed.</param>
    /// <param name="import">Name, config and comment.</param>
    /// <param name="progress">Receives the bytes read; may be null.</param>
    /// <param name="cancellationToken">Honoured until the transaction is taken up.</param>
    /// <exception cref="StrakeException">Invalid: a change, or the tar; Exhausted: no space.</exception>
    public Task<ImageId> ImportAsync(Stream tar, ImageImport import, IProgress<long>? progress, CancellationToken cancellationToken) =>
        _importer.ImportAsync(tar, import, progress, cancellationToken);

    /// <summary>
    /// Brings an image in from a registry, or all tags of a repository. Layers that are stored are not fetched; what was fetched by a pull
    /// that was cancelled, failed or died is not fetched again; pulls that go on at once fetch each layer once.
    /// </summary>
    /// <param name="request">What to pull.</param>
    /// <param name="progress">Receives Docker's lines; called from several threads, must not block.</param>
    /// <param name="cancellationToken">Honoured until the transaction is taken up; what has come waits for the next try.</param>
    /// <exception cref="StrakeException">
    /// NotFound, PermissionDenied, in Docker's words. DataLoss: a digest does not match; nothing of it stays. Exhausted: no space.
    /// Unavailable: the registry fails, also when asked again.
    /// </exception>
    public Task PullAsync(PullRequest request, IProgress<TransferProgress> progress, CancellationToken cancellationToken) =>
        _puller.PullAsync(request, progress, cancellationToken);

    /// <summary>Says what a registry has under a name; nothing of it is stored.</summary>
    /// <param name="reference">The name, with a tag or a digest.</param>
    /// <param name="credentials">Who asks; null: nobody.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StrakeException">As <see cref="PullAsync"/>.</exception>
    public Task<RemoteDescription> DescribeRemoteAsync(
        ImageReference reference, RegistryCredentials? credentials, CancellationToken cancellationToken) =>
        RemoteImageResolver.DescribeAsync(_repositories(reference, credentials), reference, cancellationToken);

    /// <summary>
    /// Sends a tag, or all tags of a repository, to a registry. Layers that the registry has, in whatever form we know, are not sent.
    /// </summary>
    /// <param name="request">What to push.</param>
    /// <param name="progress">Receives Docker's lines; called from several threads, must not block.</param>
    /// <param name="cancellationToken">Honoured until the manifest is sent; layers that were sent need not be sent again.</param>
    /// <exception cref="StrakeException">
    /// NotFound: no such tag. PermissionDenied, in Docker's words. DataLoss: a layer is damaged. Unavailable: the registry fails, also when
    /// asked again.
    /// </exception>
    public Task PushAsync(PushRequest request, IProgress<TransferProgress> progress, CancellationToken cancellationToken) =>
        _pusher.PushAsync(request, progress, cancellationToken);

    /// <summary>Makes an image of a parent and a layer that is stored already.</summary>
    /// <param name="commit">What it is made of.</param>
    /// <param name="cancellationToken">Honoured until the transaction is taken up.</param>
    /// <exception cref="StrakeException">NotFound: the parent or the layer. Invalid: a change.</exception>
    public Task<ImageId> CreateFromCommitAsync(ImageCommit commit, CancellationToken cancellationToken) =>
        _committer.CreateAsync(commit, cancellationToken);

    /// <summary>Makes an image of a config whose layers are stored: what a build ends with.</summary>
    /// <param name="config">The config.</param>
    /// <param name="names">The names that it gets, taken from the images that had them.</param>
    /// <param name="cancellationToken">Honoured until the transaction is taken up.</param>
    /// <exception cref="StrakeException">NotFound: a layer is not stored; an open ingest must hold them.</exception>
    public Task CreateAsync(ImageConfig config, IReadOnlyList<ImageReference> names, CancellationToken cancellationToken) =>
        _committer.CreateAsync(config, names, cancellationToken);

    /// <summary>Compares records, blobs and layers without changing anything. Reads every config.</summary>
    /// <param name="cancellationToken">Cancels between two images.</param>
    /// <returns>What is amiss, a sentence each; empty in a sound store.</returns>
    public Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken) => _check.RunAsync(cancellationToken);

    static IRemoteRepository NoNetwork(ImageReference reference, RegistryCredentials? credentials) =>
        throw StrakeException.NotSupported($"{reference.Familiar} is in a registry, and this store knows none");
}
