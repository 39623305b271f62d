using Strake.Images;
using Strake.Images.Tar;
using Strake.Layers.Archive;
using Strake.Linux;

namespace Strake.Layers;

public sealed partial class LayerStore
{
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
        var layer = await GetWritableAsync(writable, cancellationToken);
        return await AddAsync(layer.Entry.Parents, DiffOf(layer), hold, keepsEmpty: true, cancellationToken) ?? throw new InvalidOperationException("An empty layer is kept.");
    }

    /// <summary>
    /// Makes an image layer of a writable layer that its owner needs no more: of the layer itself where that can be
    /// (<see cref="StorageDriverTraits.SealsWritable"/>), or else of a copy, as <see cref="CommitAsync"/> does. What changed nothing makes no layer.
    /// </summary>
    /// <param name="writable">The layer. It has been written to the last time, and is mounted nowhere.</param>
    /// <param name="hold">As there.</param>
    /// <param name="latest">The latest time that a file of the layer may have; null: any.</param>
    /// <param name="cancellationToken">Stops between two files; the writable layer is as it was then.</param>
    /// <returns>The new layer; null: nothing was changed. The owner may have no writable layer any more; one that it has is its to remove.</returns>
    /// <exception cref="StrakeException">As there.</exception>
    public async Task<StoredLayer?> SealAsync(LayerId writable, ILayerIngest hold, TarTime? latest, CancellationToken cancellationToken = default)
    {
        var layer = await GetWritableAsync(writable, cancellationToken);
        // Times are changed on the way through a tar, and nowhere else.
        if (latest is null && Driver.Traits.SealsWritable && await seal.TryAsync(layer, IngestOf(hold), cancellationToken) is { } outcome) return outcome.Layer;
        return await AddAsync(layer.Entry.Parents, DiffOf(layer, latest), hold, keepsEmpty: false, cancellationToken);
    }

    /// <summary>Makes an image layer of a tar that somebody writes.</summary>
    /// <param name="parent">What it lies on; null: nothing.</param>
    /// <param name="write">Writes the tar: an image layer's, with whiteouts as OCI has them.</param>
    /// <param name="hold">An ingest of this store; keeps the new layer, and has to hold the parent.</param>
    /// <param name="cancellationToken">Stops between two blocks; nothing is left then.</param>
    /// <returns>The new layer; null: the tar has no entries.</returns>
    /// <exception cref="StrakeException">NotFound: the parent is not stored. Exhausted: the disk is full. What <paramref name="write"/> throws.</exception>
    public async Task<StoredLayer?> AddAsync(ChainId? parent, Func<Stream, CancellationToken, Task> write, ILayerIngest hold, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<LayerId> parents = parent is { } chain ? (await GetAsync(chain, cancellationToken)).Stack : [];
        return await AddAsync(parents, write, hold, keepsEmpty: false, cancellationToken);
    }

    /// <summary>Makes one image layer of all by which a file system differs from another: what lies between them does not matter.</summary>
    /// <param name="whole">The file system, mounted.</param>
    /// <param name="parent">What the layer lies on; null: nothing.</param>
    /// <param name="below">The file system of <paramref name="parent"/>, mounted; null with it.</param>
    /// <param name="hold">An ingest of this store; keeps the new layer, and has to hold the parent.</param>
    /// <param name="latest">The latest time that a file of the layer may have; null: any.</param>
    /// <param name="cancellationToken">Stops between two files; nothing is left then.</param>
    /// <returns>The new layer; null: they do not differ.</returns>
    /// <exception cref="StrakeException">NotFound: the parent is not stored. Exhausted: the disk is full.</exception>
    public async Task<StoredLayer?> MergeAsync(
        LayerMount whole, ChainId? parent, LayerMount? below, ILayerIngest hold, TarTime? latest, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<LayerContent> parents = below is null ? [] : [new LayerContent(below.Target, WhiteoutForm.Absent)];
        return await AddAsync(
            parent,
            (target, stop) => LayerDiff.WriteTarAsync(new LayerContent(whole.Target, WhiteoutForm.Absent), parents, target, splitRecord: null, stop, latest),
            hold,
            cancellationToken);
    }

    /// <summary>
    /// Takes empty files and directories out of a writable layer: what a runtime made to mount on, which nobody asked for. What is not there, or not
    /// empty, stays as it is.
    /// </summary>
    /// <param name="writable">The layer; nobody uses it.</param>
    /// <param name="paths">Paths without links, those below a directory before it.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <exception cref="StrakeException">NotFound: no such writable layer.</exception>
    public async Task RemoveEmptyAsync(LayerId writable, IReadOnlyList<ReadOnlyMemory<byte>> paths, CancellationToken cancellationToken = default)
    {
        if (paths.Count == 0) return;
        await GetWritableAsync(writable, cancellationToken);
        using var root = RootedDirectory.Open(Driver.Content(writable).Directory, PathRule.Strict);
        foreach (var path in paths)
        {
            var terminated = PathBytes.Terminate(path.Span);
            if (!root.TryStat(terminated, out var stat) || stat.Kind is not (FileKind.Directory or FileKind.Regular) || (stat.Kind is FileKind.Regular && stat.SizeBytes > 0)) continue;
            using var parent = root.OpenParent(terminated, out var name);
            try
            {
                Syscall.TryUnlinkAt(parent, name, stat.Kind is FileKind.Directory ? AtFlags.RemoveDirectory : AtFlags.None);
            }
            catch (LinuxException e) when (e.Errno is Errno.ENOTEMPTY or Errno.EEXIST)
            {
                // Something was put there.
            }
        }
    }

    Func<Stream, CancellationToken, Task> DiffOf(Layer layer, TarTime? latest = null) => (target, stop) =>
        LayerDiff.WriteTarAsync(Driver.Content(layer.Id), ContentsOf(layer.Entry.Parents), target, splitRecord: null, stop, latest);

    async Task<StoredLayer?> AddAsync(
        IReadOnlyList<LayerId> parents, Func<Stream, CancellationToken, Task> write, ILayerIngest hold, bool keepsEmpty, CancellationToken cancellationToken)
    {
        var ingest = IngestOf(hold);

        // Through the same door as every layer that comes from outside: what the new layer holds is what its tar says, no less and no more.
        var receipt = await TarPipe.RunAsync(
            write, (source, stop) => ingest.ReceiveAsync(source, LayerExpectation.None, progress: null, stop), cancellationToken);
        if (!keepsEmpty && receipt.DiffId == DiffId.Empty) return null;
        var stack = new List<ReceivedLayer>(await DiffIdsOfAsync(parents, cancellationToken)) { new(receipt.DiffId, receipt) };
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
        await TreeTar.WriteTreeAsync(root, includesRoot: false, target, cancellationToken);
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

    LayerIngest IngestOf(ILayerIngest hold) =>
        hold is LayerIngest ingest && ingest.IsOf(this) ? ingest : throw new ArgumentException("The ingest is another store's.", nameof(hold));

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
}
