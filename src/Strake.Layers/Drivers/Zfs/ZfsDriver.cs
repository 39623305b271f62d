using System.Globalization;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>
/// Keeps each layer as a dataset of ZFS, which begins as a clone of its parent's snapshot: blocks are shared by the pool, and what a container reads and
/// writes is a ZFS of its own. Through the programs <c>zfs</c> and the kernel's mount.
/// </summary>
/// <remarks>
/// <code>
/// &lt;data-root&gt;/zfs/             0700
///   fsname                    the parent dataset, where one was named
///   &lt;id&gt;/                     0700
///     mnt/ at/                where its dataset is mounted: <see cref="OwnFileSystems"/>
///   &lt;id&gt;-removing/
///
/// &lt;parent dataset&gt;            zfs.fsname; else the one that the data root is on
///   /&lt;id&gt;                     the whole tree; mountpoint=legacy: nobody but us mounts it
///   /&lt;id&gt;@layer               what clones begin as: made when the layer is sealed, or when the first one lies on it
/// </code>
/// The folder is there before the dataset and goes after it: what is half there is found by it.
/// </remarks>
public sealed class ZfsDriver : IStorageDriver, IDisposable
{
    // Whatever the parent dataset says: an image's files have owners, devices, attributes and lists of rights.
    static readonly string[] Properties =
        ["-o", "mountpoint=legacy", "-o", "xattr=sa", "-o", "acltype=posixacl", "-o", "devices=on", "-o", "exec=on", "-o", "setuid=on", "-o", "readonly=off"];

    readonly LayerFolders folders;
    readonly OwnFileSystems layers;
    readonly string? named;
    ZfsDatasets? datasets;

    /// <summary>A driver that keeps its layers in a pool, and their places below a data root.</summary>
    /// <param name="dataRoot">An absolute path; exists when <see cref="Probe"/> is called.</param>
    /// <param name="parent">The dataset below which layers are made (<c>zfs.fsname</c>); null: the one that the data root is on.</param>
    public ZfsDriver(string dataRoot, string? parent = null)
    {
        folders = new(dataRoot, Name);
        named = parent;
        layers = new(folders, (id, place) => new Mount("zfs", Datasets.Of(id), place));
    }

    /// <inheritdoc/>
    public string Name => "zfs";

    /// <inheritdoc/>
    public StorageDriverTraits Traits { get; } = new(WritesWithoutParents: false, SizeLimit: true, OwnFileSystems: true);

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, string>> Status => datasets is null ? [] : datasets.Describe();

    ZfsDatasets Datasets => datasets ?? throw new InvalidOperationException("zfs was not probed");

    /// <inheritdoc/>
    public void Probe()
    {
        string? parent = null;
        StorageFailure.Translate($"zfs: prepare {folders.Home}", () =>
        {
            folders.Prepare();
            layers.CloseAll();
            parent = GivenPlace.Resolve(folders, "fsname", "zfs.fsname", named);
        });
        datasets = ZfsProbe.Run(folders.Home, parent, Properties);
    }

    /// <inheritdoc/>
    /// <remarks>A clone is a transaction that waits for the disks, whatever the parent's size.</remarks>
    public void Create(LayerId id, IReadOnlyList<LayerId> parents)
    {
        StorageFailure.Translate($"zfs: create layer {id}", () =>
        {
            folders.Make(id);
            FaultPoint.Reach("zfs.create.folder-made");
            layers.Make(id);
            FaultPoint.Reach("zfs.create.places-made");
            if (parents.Count == 0) Datasets.Create(Datasets.Of(id), Properties);
            else Datasets.Clone(Datasets.Of(parents[0]), Datasets.Of(id), Properties);
            FaultPoint.Reach("zfs.create.made");
        });
    }

    /// <inheritdoc/>
    public void Rebase(LayerId id, IReadOnlyList<LayerId> parents) =>
        throw new InvalidOperationException("zfs writes no layer without its parents");

    /// <inheritdoc/>
    /// <remarks>What the layer shares with its parents is not counted. ZFS counts when it writes to disk, so that some more may get in.</remarks>
    public void LimitSize(LayerId id, long limitBytes) =>
        StorageProgram.Run("zfs", "set", string.Create(CultureInfo.InvariantCulture, $"quota={limitBytes}"), Datasets.Of(id));

    /// <inheritdoc/>
    /// <remarks>A layer is mounted when it is asked for first.</remarks>
    public LayerContent Content(LayerId id)
    {
        StorageFailure.Translate($"zfs: look at layer {id}", () => layers.Open(id));
        return new(layers.Tree(id), WhiteoutForm.Absent);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Mount> Mounts(LayerId id, IReadOnlyList<LayerId> parents, LayerAccess access, string target) => layers.Show(id, access, target);

    /// <inheritdoc/>
    /// <remarks>A snapshot is on disk when it is made, and with it what was written before.</remarks>
    public void Seal(IReadOnlyList<LayerId> ids)
    {
        if (ids.Count == 0) return;
        StorageFailure.Translate($"zfs: write {ids.Count} layers to disk", () =>
        {
            foreach (var id in ids) layers.Close(id);
            FaultPoint.Reach("zfs.seal.synced");
            foreach (var id in ids) Datasets.Snapshot(Datasets.Of(id));
            folders.Sync();
            FaultPoint.Reach("zfs.seal.made");
        });
    }

    /// <inheritdoc/>
    public LayerUsage Measure(LayerId id)
    {
        var usage = new LayerUsage(0, 0);
        StorageFailure.Translate($"zfs: measure layer {id}", () => usage = LayerFolders.Measure(layers.Open(id)));
        return usage;
    }

    /// <inheritdoc/>
    public void Remove(LayerId id)
    {
        StorageFailure.Translate($"zfs: remove layer {id}", () => folders.Remove(id, removing =>
        {
            OwnFileSystems.Release(removing);
            Datasets.Destroy(Datasets.Of(id));
            FaultPoint.Reach("zfs.remove.dataset-gone");
        }));
    }

    /// <inheritdoc/>
    public IReadOnlyList<LayerId> List() => folders.List();

    /// <summary>Takes off what was mounted to look at layers. Containers need none of it.</summary>
    public void Dispose() => StorageFailure.Translate($"zfs: close {folders.Home}", layers.CloseAll);
}
