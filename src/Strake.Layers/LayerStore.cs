using Microsoft.Extensions.Logging;
using Strake.Images;
using Strake.Layers.Archive;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>
/// All layers of a daemon: those of images, found by their chains, and the writable ones of containers, found by their owners. The store
/// knows what exists and who needs it; where and how it lies on disk is the driver's.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>A record is written before and after what it speaks of is done; no transaction is open while a driver works. What a crash leaves
/// is rolled back or resumed from the records when the store is opened again.</item>
/// <item>An image's layer is kept by a reference (<see cref="LayerReference"/>), a layer above, a container, or a hold: an open ingest or
/// a mount. What nothing keeps goes by <see cref="CollectAsync"/>, or at the next start.</item>
/// <item>All members are thread-safe; calls about one writable layer are its owner's to put in order.</item>
/// </list>
/// <example>
/// <code>
/// WritableLayer layer = await layers.CreateWritableAsync(image, "container/" + id, sizeLimitBytes: null, ct);
/// layers.Mount(layer, LayerAccess.ReadWrite, rootfs).Release();
/// // … the container runs, perhaps longer than this daemon …
/// layers.Unmount(rootfs);
/// await layers.RemoveWritableAsync(layer.Id);
/// </code>
/// </example>
/// </remarks>
public sealed partial class LayerStore : IImageLayers, IAsyncDisposable
{
    readonly LayerStoreOptions options;
    readonly LayerRecords records;
    readonly LayerFiles files;
    readonly LayerHolds holds = new();
    readonly DetachedMounts mounts;
    readonly LayerRemovals removals;
    readonly LayerCollector collector;
    readonly IngestTools tools;

    LayerStore(LayerStoreOptions options)
    {
        this.options = options;
        records = new(options.State);
        files = new(options.DataRoot);
        mounts = new(options.Time);
        removals = new(options.Driver, records, files, mounts, options.Logger, options.Parallelism);
        collector = new(records, holds);
        var flush = new LayerFlush(options.Driver, files, options.Time);
        var writer = new LayerWriter(options.Driver, records, files, flush, removals);
        ILayerIntake intake = options.Driver.Traits.WritesWithoutParents
            ? new DirectIntake(options.Driver, files, writer)
            : new SpooledIntake(files, writer);
        tools = new(records, flush, holds, intake, new SemaphoreSlim(options.Parallelism));
    }

    /// <summary>The driver that keeps the layers on disk, for <c>docker info</c>.</summary>
    public IStorageDriver Driver => options.Driver;

    /// <summary>
    /// Opens the store: probes the driver, resumes or rolls back what the last run left unfinished, and collects what nothing needs.
    /// Large removals go on in the background.
    /// </summary>
    /// <param name="options">What it works with.</param>
    /// <param name="cancellationToken">Cancels between two layers.</param>
    /// <exception cref="StrakeException">Unavailable: the driver cannot work here.</exception>
    public static async Task<LayerStore> OpenAsync(LayerStoreOptions options, CancellationToken cancellationToken = default)
    {
        var store = new LayerStore(options);
        try
        {
            store.files.Prepare();
            options.Driver.Probe();
            await new LayerRecovery(options.Driver, store.records, store.files, store.removals, options.Logger).RunAsync(cancellationToken);
            _ = store.removals.Begin([.. (await store.MarkAllAsync(cancellationToken)).Select(layer => layer.Id)]);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an empty layer that can be written.</summary>
    /// <param name="parent">The image's chain that it lies on; null: on nothing.</param>
    /// <param name="owner">Who it belongs to, such as <c>container/&lt;hex&gt;</c>.</param>
    /// <param name="sizeLimitBytes">The most that it may hold; null: what the disk has.</param>
    /// <param name="cancellationToken">Honoured before the record is written.</param>
    /// <remarks>
    /// The record is written with <see cref="Durability.Eventual"/>: it is durable with the caller's own record, which is committed later.
    /// A layer whose owner never came to be is the caller's to remove at its start (<see cref="ListWritableAsync"/>).
    /// </remarks>
    /// <exception cref="StrakeException">
    /// NotFound: the parent is not in the store. AlreadyExists: the owner has a layer. NotSupported: the driver has no size limits.
    /// Exhausted: no space or no inodes left.
    /// </exception>
    public async Task<WritableLayer> CreateWritableAsync(
        ChainId? parent, string owner, long? sizeLimitBytes, CancellationToken cancellationToken = default)
    {
        if (sizeLimitBytes is not null && !Driver.Traits.SizeLimit)
            throw StrakeException.NotSupported($"the storage driver {Driver.Name} cannot limit the size of a container");

        using var hold = parent is { } held ? await holds.HoldAsync(held, cancellationToken) : null;
        var below = parent is { } chain ? await GetAsync(chain, cancellationToken) : null;
        var entry = new LayerEntry
        {
            State = LayerState.Preparing,
            Kind = LayerKind.Writable,
            Parents = below?.Stack ?? [],
            ParentChain = parent,
            Owner = owner,
            SizeLimitBytes = sizeLimitBytes,
        };
        FaultPoint.Reach("layer.create.before");
        var layer = await records.TryAddAsync(LayerId.New(), entry, cancellationToken)
            ?? throw StrakeException.AlreadyExists($"{owner} has a writable layer already");
        FaultPoint.Reach("layer.create.recorded");
        try
        {
            Driver.Create(layer.Id, entry.Parents);
            FaultPoint.Reach("layer.create.made");
            await records.ChangeAsync(layer, entry with { State = LayerState.Active });
            FaultPoint.Reach("layer.create.active");
        }
        catch
        {
            await removals.Begin([layer.Id]);
            throw;
        }

        return entry.ToWritable(layer.Id);
    }

    /// <summary>Removes a writable layer with all that is in it. One that does not exist is removed already.</summary>
    /// <param name="id">The layer; nothing has it mounted.</param>
    /// <param name="intent">
    /// How the intent to remove is recorded before anything is touched. A caller whose own durable record says already that the layer goes
    /// passes <see cref="Durability.Eventual"/>, and saves a wait for the disk.
    /// </param>
    /// <param name="cancellationToken">Honoured before the intent is recorded.</param>
    /// <remarks>A large layer is removed in the background after a short while; see <see cref="LayerStoreOptions.RemovalPatience"/>.</remarks>
    /// <exception cref="StrakeException">Conflict: the layer is no writable layer.</exception>
    public async Task RemoveWritableAsync(LayerId id, Durability intent = Durability.Synced, CancellationToken cancellationToken = default)
    {
        while (await records.FindAsync(id, cancellationToken) is { } record)
        {
            if (record.Value.Kind != LayerKind.Writable) throw StrakeException.Conflict($"layer {id} is an image's, not a container's");
            var layer = new Layer(id, record.Value, record.Revision);
            if (layer.Entry.State != LayerState.Removing && await records.TryMarkRemovingAsync([layer], intent, cancellationToken) is null) continue;
            await WaitAWhileAsync(removals.Begin([id]));
            return;
        }
    }

    /// <summary>The writable layer of an owner; null when it has none.</summary>
    public async ValueTask<WritableLayer?> FindWritableAsync(string owner, CancellationToken cancellationToken = default) =>
        await records.FindAsync(owner, cancellationToken) is { Entry.State: LayerState.Active } layer ? layer.Entry.ToWritable(layer.Id) : null;

    /// <summary>All writable layers, in no order.</summary>
    public async Task<IReadOnlyList<WritableLayer>> ListWritableAsync(CancellationToken cancellationToken = default) =>
    [
        .. (await ListAsync(cancellationToken))
            .Where(layer => layer.Entry is { Kind: LayerKind.Writable, State: LayerState.Active })
            .Select(layer => layer.Entry.ToWritable(layer.Id)),
    ];

    /// <summary>Mounts a writable layer on its image.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="access">Whether it may be written; one mount at a time may.</param>
    /// <param name="target">An existing directory.</param>
    /// <returns>The mount, to be disposed or released.</returns>
    /// <exception cref="StrakeException">It cannot be mounted; nothing is.</exception>
    public LayerMount Mount(WritableLayer layer, LayerAccess access, string target) => Attach(layer.Id, layer.Parents, access, target, hold: null);

    /// <summary>Mounts an image's file system to look at; the image's layers are kept while the mount's scope is open.</summary>
    /// <param name="chain">The image's chain.</param>
    /// <param name="target">An existing directory.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <exception cref="StrakeException">NotFound: the chain is not in the store. Otherwise: it cannot be mounted; nothing is.</exception>
    public async Task<LayerMount> MountAsync(ChainId chain, string target, CancellationToken cancellationToken = default)
    {
        var hold = await holds.HoldAsync(chain, cancellationToken);
        try
        {
            var layer = await GetAsync(chain, cancellationToken);
            return Attach(layer.Id, layer.Entry.Parents, LayerAccess.ReadOnly, target, hold);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes off what is mounted at a directory; nothing is fine. It is out of the tree on return. That its file system is let go of,
    /// which for overlay means to write back all that is dirty on the disk, happens in the background: see <see cref="DetachedMount"/>.
    /// </summary>
    /// <param name="target">Where the layer is mounted.</param>
    /// <exception cref="StrakeException">It cannot be unmounted.</exception>
    public void Unmount(string target) => mounts.Detach(target);

    /// <summary>What a writable layer changes of its image, sorted by path: <c>docker diff</c>.</summary>
    /// <param name="id">The layer.</param>
    /// <param name="cancellationToken">Stops between two directories.</param>
    /// <exception cref="StrakeException">NotFound: no such layer.</exception>
    public async Task<IReadOnlyList<LayerChange>> ChangesAsync(LayerId id, CancellationToken cancellationToken = default)
    {
        var layer = await GetWritableAsync(id, cancellationToken);
        return await Task.Run(() => LayerDiff.Changes(Driver.Content(id), ContentsOf(layer.Entry.Parents), cancellationToken), cancellationToken);
    }

    /// <summary>Makes an image layer of a writable layer's changes; the writable layer stays as it is.</summary>
    /// <param name="writable">The layer. Nobody writes to it meanwhile: a caller pauses the container (as Docker does), or gets Conflict.</param>
    /// <param name="hold">An ingest of this store; keeps the new layer until the image's record is written.</param>
    /// <param name="cancellationToken">Stops between two files; nothing is left then.</param>
    /// <returns>The new layer, on the chain that the writable layer lies on.</returns>
    /// <exception cref="StrakeException">NotFound: no such writable layer. Conflict: it was written to meanwhile. Exhausted: the disk is full.</exception>
    public async Task<StoredLayer> CommitAsync(LayerId writable, ILayerIngest hold, CancellationToken cancellationToken = default)
    {
        if (hold is not LayerIngest ingest || !ingest.IsOf(this)) throw new ArgumentException("The ingest is another store's.", nameof(hold));
        var layer = await GetWritableAsync(writable, cancellationToken);

        // Through the same door as every layer that comes from outside: what the new layer holds is what its tar says, no less and no more.
        var receipt = await TarPipe.RunAsync(
            (target, stop) => LayerDiff.WriteTarAsync(Driver.Content(writable), ContentsOf(layer.Entry.Parents), target, splitRecord: null, stop),
            (source, stop) => ingest.ReceiveAsync(source, LayerExpectation.None, progress: null, stop),
            cancellationToken);
        var stack = new List<ReceivedLayer>(await DiffIdsOfAsync(layer.Entry.Parents, cancellationToken)) { new(receipt.DiffId, receipt) };
        var chains = await ingest.CommitAsync(stack, cancellationToken);
        return (await GetAsync(chains[^1], cancellationToken)).Entry.ToStored();
    }

    /// <summary>Writes a mounted layer with all below it as one tar: <c>docker export</c>.</summary>
    /// <param name="directory">Where it is mounted.</param>
    /// <param name="target">Receives the tar; not closed.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    public static async Task ExportAsync(string directory, Stream target, CancellationToken cancellationToken = default)
    {
        using var root = Syscall.Open(directory, OpenFlags.Directory);
        await TreeTar.WriteContentAsync(root, target, cancellationToken);
    }

    /// <summary>What a writable layer occupies beyond its image. Costs a walk over its files, with vfs over its image's too.</summary>
    /// <param name="layer">The layer; may be written to meanwhile.</param>
    public LayerUsage Measure(WritableLayer layer)
    {
        var usage = Driver.Measure(layer.Id);
        if (layer.Parents.Count == 0 || Driver.Content(layer.Id).Whiteouts != WhiteoutForm.Absent) return usage;
        var below = Driver.Measure(layer.Parents[0]);
        return new(Math.Max(0, usage.SizeBytes - below.SizeBytes), Math.Max(0, usage.Inodes - below.Inodes));
    }

    /// <inheritdoc/>
    public ILayerIngest BeginIngest() => new LayerIngest(this, tools);

    /// <inheritdoc/>
    public async Task WriteTarAsync(ChainId chain, Stream target, CancellationToken cancellationToken)
    {
        using var hold = await holds.HoldAsync(chain, cancellationToken);
        var layer = await GetAsync(chain, cancellationToken);
        await using var record = files.TryOpenSplit(layer.Id)
            ?? throw StrakeException.DataLoss($"layer {layer.Id}, chain {chain}: its split record is gone; load or pull the image again");
        using var directory = Syscall.Open(Driver.Content(layer.Id).Directory, OpenFlags.Directory);
        var written = await SplitRecord.WriteTarAsync(record, directory, target, cancellationToken);
        if (written != layer.Entry.DiffId)
            throw StrakeException.DataLoss($"layer {layer.Id}, chain {chain}: its split record is of {written}, and it is {layer.Entry.DiffId}");
    }

    /// <inheritdoc/>
    public async ValueTask<StoredLayer?> FindAsync(ChainId chain, CancellationToken cancellationToken) =>
        (await records.FindAsync(chain, cancellationToken))?.Entry.ToStored();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredLayer>> CollectAsync(IReadOnlyCollection<ChainId> chains, CancellationToken cancellationToken)
    {
        var marked = new List<Layer>();
        foreach (var chain in chains) marked.AddRange(await collector.MarkAsync(chain, cancellationToken));
        await RemoveAsync(marked);
        return [.. marked.Select(layer => layer.Entry.ToStored())];
    }

    /// <summary>As <see cref="CollectAsync"/>, for all chains: what prune does, after a failure left something.</summary>
    /// <param name="cancellationToken">Honoured between two layers.</param>
    /// <returns>What was removed, each layer before those below it.</returns>
    public async Task<IReadOnlyList<StoredLayer>> CollectAllAsync(CancellationToken cancellationToken = default)
    {
        var marked = await MarkAllAsync(cancellationToken);
        await RemoveAsync(marked);
        return [.. marked.Select(layer => layer.Entry.ToStored())];
    }

    /// <summary>Compares records, directories, split records and mounts: <c>strake fsck</c>. Finishes removals that are under way first.</summary>
    /// <param name="mounts">Where layers are rightly mounted.</param>
    /// <param name="cancellationToken">Stops between two layers.</param>
    /// <returns>What is wrong, a line each; empty when all is well. Sound only while nothing else uses the store.</returns>
    public async Task<IReadOnlyList<string>> CheckAsync(IReadOnlySet<string> mounts, CancellationToken cancellationToken = default)
    {
        await removals.FinishAsync();
        return await new LayerCheck(Driver, records, files).RunAsync(mounts, cancellationToken);
    }

    /// <summary>Finishes the removals and unmounts that are under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await removals.FinishAsync();
        mounts.Dispose();
        removals.Dispose();
        tools.Slots.Dispose();
    }

    /// <summary>Removes what an ingest leaves: layers that it did not commit, and chains that it did and that nothing needs. Never fails.</summary>
    internal async Task EndIngestAsync(IReadOnlyList<Layer> abandoned, IReadOnlyCollection<ChainId> tops)
    {
        await RemoveAsync([.. abandoned.OrderByDescending(layer => layer.Entry.Parents.Count)]);
        foreach (var top in tops)
        {
            try
            {
                await CollectAsync([top], CancellationToken.None);
            }
            catch (Exception e)
            {
                LogNotCollected(options.Logger, top, e);
            }
        }
    }

    LayerMount Attach(LayerId id, IReadOnlyList<LayerId> parents, LayerAccess access, string target, IDisposable? hold)
    {
        if (access == LayerAccess.ReadWrite) mounts.Attaching(id, target);
        var scopes = new List<MountScope>();
        try
        {
            foreach (var mount in Driver.Mounts(id, parents, access, target)) scopes.Add(mount.Attach());
        }
        catch (LinuxException e)
        {
            for (var i = scopes.Count - 1; i >= 0; i--) scopes[i].Dispose();
            throw StorageFailure.From(e, $"{Driver.Name}: mount layer {id} at {target}");
        }

        foreach (var scope in scopes) scope.Release();
        return new(target, mounts, hold);
    }

    async Task<Layer> GetAsync(ChainId chain, CancellationToken cancellationToken) =>
        await records.FindAsync(chain, cancellationToken) ?? throw StrakeException.NotFound($"no layers are stored under chain {chain}");

    async Task<Layer> GetWritableAsync(LayerId id, CancellationToken cancellationToken) =>
        await records.FindAsync(id, cancellationToken) is { Value: { Kind: LayerKind.Writable, State: LayerState.Active } } record
            ? new(id, record.Value, record.Revision)
            : throw StrakeException.NotFound($"no such writable layer: {id}");

    IReadOnlyList<LayerContent> ContentsOf(IReadOnlyList<LayerId> ids) => [.. ids.Select(Driver.Content)];

    async Task<IReadOnlyList<ReceivedLayer>> DiffIdsOfAsync(IReadOnlyList<LayerId> parents, CancellationToken cancellationToken)
    {
        var layers = new List<ReceivedLayer>(parents.Count);
        foreach (var parent in parents.Reverse())
        {
            var record = await records.FindAsync(parent, cancellationToken);
            layers.Add(new(record?.Value.DiffId ?? throw StrakeException.DataLoss($"layer {parent} has no DiffID in its record"), Receipt: null));
        }

        return layers;
    }

    // A record that cannot be read is the check's to report; here it must not hide the others.
    Task<IReadOnlyList<Layer>> ListAsync(CancellationToken cancellationToken) => records.ListAsync(static (_, _) => { }, cancellationToken);

    async Task<List<Layer>> MarkAllAsync(CancellationToken cancellationToken)
    {
        var marked = new List<Layer>();
        foreach (var layer in (await ListAsync(cancellationToken)).OrderByDescending(layer => layer.Entry.Parents.Count))
        {
            if (layer.Entry is { State: LayerState.Committed, Chain: { } chain }) marked.AddRange(await collector.MarkAsync(chain, cancellationToken));
        }

        return marked;
    }

    Task RemoveAsync(IReadOnlyList<Layer> layers) => WaitAWhileAsync(removals.Begin([.. layers.Select(layer => layer.Id)]));

    async Task WaitAWhileAsync(Task removal)
    {
        try
        {
            await removal.WaitAsync(options.RemovalPatience, options.Time);
        }
        catch (TimeoutException)
        {
            // It goes on, and DisposeAsync or the next start sees to its end.
            return;
        }
    }
}
