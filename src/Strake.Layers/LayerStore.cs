using Strake.Images;
using Strake.Layers.Archive;

namespace Strake.Layers;

/// <summary>Signatures; the bodies follow.</summary>
public sealed class LayerStore : IImageLayers, IAsyncDisposable
{
    LayerStore(LayerStoreOptions options) => Driver = options.Driver;

    /// <summary>The driver that keeps the layers on disk, for <c>docker info</c>.</summary>
    public IStorageDriver Driver { get; }

    /// <summary>Opens the store: probes the driver, and resumes or rolls back what the last run left unfinished.</summary>
    /// <param name="options">What it works with.</param>
    /// <param name="cancellationToken">Cancels between two layers.</param>
    /// <exception cref="StrakeException">Unavailable: the driver cannot work here.</exception>
    public static Task<LayerStore> OpenAsync(LayerStoreOptions options, CancellationToken cancellationToken = default) => throw new NotSupportedException();

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
    /// Invalid: the image has too many layers. Exhausted: no space or no inodes left.
    /// </exception>
    public Task<WritableLayer> CreateWritableAsync(ChainId? parent, string owner, long? sizeLimitBytes, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Removes a writable layer with all that is in it. One that does not exist is removed already.</summary>
    /// <param name="id">The layer; nothing has it mounted.</param>
    /// <param name="intent">
    /// How the intent to remove is recorded before anything is touched. A caller whose own durable record says already that the layer goes
    /// passes <see cref="Durability.Eventual"/>, and saves a wait for the disk.
    /// </param>
    /// <param name="cancellationToken">Honoured before the intent is recorded.</param>
    /// <remarks>A large layer is removed in the background after a short while; see <see cref="LayerStoreOptions.RemovalPatience"/>.</remarks>
    /// <exception cref="StrakeException">Conflict: the layer is no writable layer.</exception>
    public Task RemoveWritableAsync(LayerId id, Durability intent = Durability.Synced, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>The writable layer of an owner; null when it has none.</summary>
    public ValueTask<WritableLayer?> FindWritableAsync(string owner, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>All writable layers, in no order.</summary>
    public Task<IReadOnlyList<WritableLayer>> ListWritableAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Mounts a writable layer on its image.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="access">Whether it may be written; one mount at a time may.</param>
    /// <param name="target">An existing directory.</param>
    /// <returns>The mount, to be disposed or released.</returns>
    public LayerMount Mount(WritableLayer layer, LayerAccess access, string target) => throw new NotSupportedException();

    /// <summary>Mounts an image's file system to look at; the image's layers are kept while the mount's scope is open.</summary>
    /// <param name="chain">The image's chain.</param>
    /// <param name="target">An existing directory.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <exception cref="StrakeException">NotFound: the chain is not in the store.</exception>
    public Task<LayerMount> MountAsync(ChainId chain, string target, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>
    /// Takes a layer's mount off; one that is gone already is fine. The mount is out of the tree on return. That its file system is let go
    /// of, which for overlay means to write back all of the disk's, happens in the background: see <see cref="DetachedMount"/>.
    /// </summary>
    /// <param name="target">Where it is mounted.</param>
    public void Unmount(string target) => throw new NotSupportedException();

    /// <summary>What a writable layer changes of its image, sorted by path: <c>docker diff</c>.</summary>
    /// <exception cref="StrakeException">NotFound: no such layer.</exception>
    public Task<IReadOnlyList<LayerChange>> ChangesAsync(LayerId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Makes an image layer of a writable layer's changes; the writable layer stays as it is.</summary>
    /// <param name="writable">The layer. Nobody writes to it meanwhile: a caller pauses the container (as Docker does), or gets Conflict.</param>
    /// <param name="hold">Keeps the new layer until the image's record is written.</param>
    /// <param name="cancellationToken">Stops between two files; nothing is left then.</param>
    /// <returns>The new layer, on the chain that the writable layer lies on.</returns>
    /// <exception cref="StrakeException">NotFound: no such writable layer. Conflict: it was written to meanwhile. Exhausted: the disk is full.</exception>
    public Task<StoredLayer> CommitAsync(LayerId writable, ILayerIngest hold, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Writes a mounted layer with all below it as one tar: <c>docker export</c>.</summary>
    /// <param name="directory">Where it is mounted.</param>
    /// <param name="target">Receives the tar; not closed.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    public Task ExportAsync(string directory, Stream target, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>What a writable layer occupies beyond its image. Costs a walk over its files.</summary>
    public LayerUsage Measure(WritableLayer layer) => throw new NotSupportedException();

    /// <inheritdoc/>
    public ILayerIngest BeginIngest() => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task WriteTarAsync(ChainId chain, Stream target, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public ValueTask<StoredLayer?> FindAsync(ChainId chain, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredLayer>> CollectAsync(IReadOnlyCollection<ChainId> chains, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>As <see cref="CollectAsync"/>, for all chains: at start, and for prune.</summary>
    public Task<IReadOnlyList<StoredLayer>> CollectAllAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Compares records, directories, split records and mounts: <c>strake fsck</c>. Finishes removals that are under way first.</summary>
    /// <param name="mounts">Where layers are rightly mounted.</param>
    /// <param name="cancellationToken">Stops between two layers.</param>
    /// <returns>What is wrong, a line each; empty when all is well. Sound only while nothing else uses the store.</returns>
    public Task<IReadOnlyList<string>> CheckAsync(IReadOnlySet<string> mounts, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Finishes the removals and unmounts that are under way.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
