using Strake.Images;

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
    readonly SplitRepair splits;
    readonly IngestTools tools;
    readonly LayerSeal seal;
    readonly Lock scaffolding = new();

    LayerStore(LayerStoreOptions options)
    {
        this.options = options;
        records = new(options.State);
        files = new(options.DataRoot);
        mounts = new(options.Time);
        removals = new(options.Driver, records, files, mounts, options.Logger, options.Parallelism);
        collector = new(records, holds);
        var flush = new LayerFlush(options.Driver, files, options.Time);
        var writer = new LayerWriter(options.Driver, records, files, flush, removals, options.Expansion);
        ILayerIntake intake = options.Driver.Traits.WritesWithoutParents
            ? new DirectIntake(options.Driver, files, writer)
            : new SpooledIntake(files, writer, options.Expansion);
        splits = new(files, options.Logger);
        tools = new(records, splits, flush, holds, intake, new SemaphoreSlim(options.Parallelism));
        seal = new(options.Driver, records, files, flush, mounts);
    }

    /// <summary>The driver that keeps the layers on disk, for <c>docker info</c>.</summary>
    public IStorageDriver Driver => options.Driver;

    /// <summary>The name of the driver that keeps the layers by the records; null where none are recorded.</summary>
    /// <param name="state">The records.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public static Task<string?> FindDriverAsync(IStateStore state, CancellationToken cancellationToken = default) =>
        new LayerRecords(state).FindDriverAsync(cancellationToken);

    /// <summary>
    /// Opens the store: probes the driver, resumes or rolls back what the last run left unfinished, and collects what nothing needs.
    /// Large removals go on in the background.
    /// </summary>
    /// <param name="options">What it works with.</param>
    /// <param name="cancellationToken">Cancels between two layers.</param>
    /// <exception cref="StrakeException">
    /// Unavailable: the driver cannot work here. NotSupported: it has no size limits, and the options have one. Conflict: the data root holds another driver's layers. DataLoss: it holds layers, and the
    /// records are new; nothing is touched then.
    /// </exception>
    public static async Task<LayerStore> OpenAsync(LayerStoreOptions options, CancellationToken cancellationToken = default)
    {
        var store = new LayerStore(options);
        try
        {
            await LostRecords.RefuseAsync(options, store.records, store.files, cancellationToken);
            await store.records.ClaimAsync(options.Driver.Name, cancellationToken);
            store.files.Prepare();
            options.Driver.Probe();
            if (options.SizeLimitBytes is not null && !options.Driver.Traits.SizeLimit)
                throw StrakeException.NotSupported($"{options.Driver.Name} cannot limit the size of containers on {options.DataRoot}");
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

    /// <summary>Compares records, directories, split records and mounts: <c>strake fsck</c>. Finishes removals that are under way first.</summary>
    /// <param name="mounts">Where layers are rightly mounted.</param>
    /// <param name="cancellationToken">Stops between two layers.</param>
    /// <returns>What is wrong, a line each; empty when all is well. Sound only while nothing else uses the store.</returns>
    public async Task<IReadOnlyList<string>> CheckAsync(IReadOnlySet<string> mounts, CancellationToken cancellationToken = default)
    {
        await removals.FinishAsync();
        return await new LayerCheck(Driver, records, files, splits).RunAsync(mounts, cancellationToken);
    }

    /// <summary>Finishes the removals and unmounts that are under way, and closes the driver.</summary>
    public async ValueTask DisposeAsync()
    {
        await removals.FinishAsync();
        mounts.Dispose();
        removals.Dispose();
        tools.Slots.Dispose();
        (options.Driver as IDisposable)?.Dispose();
    }

    async Task<Layer> GetAsync(ChainId chain, CancellationToken cancellationToken) =>
        await records.FindAsync(chain, cancellationToken) ?? throw StrakeException.NotFound($"no layers are stored under chain {chain}");

    // A record that cannot be read is the check's to report; here it must not hide the others.
    Task<IReadOnlyList<Layer>> ListAsync(CancellationToken cancellationToken) => records.ListAsync(static (_, _) => { }, cancellationToken);

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
