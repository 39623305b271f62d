using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>
/// Keeps each layer as a subvolume, which begins as a snapshot of its parent: blocks are shared by the file system, and what a container
/// reads and writes is the file system itself.
/// </summary>
/// <remarks>
/// <code>
/// &lt;data-root&gt;/btrfs/           0700; the data root is on a btrfs
///   &lt;id&gt;/                     0700
///     tree/                   a subvolume, the whole tree; never read-only, for rm(1) could not remove it then
///     tree.new/               a new subvolume that is not everyone's to enter yet
///   &lt;id&gt;-removing/
/// </code>
/// Subvolumes that a container makes in its layer are no part of it: a snapshot has empty directories in their place. They go with the layer.
/// </remarks>
public sealed class BtrfsDriver : IStorageDriver
{
    readonly LayerFolders folders;
    readonly long minLimitBytes;
    bool counts;

    /// <summary>A driver that keeps its layers below a data root.</summary>
    /// <param name="dataRoot">An absolute path; exists when <see cref="Probe"/> is called.</param>
    /// <param name="minLimitBytes">The least that a size limit may be (<c>btrfs.min_space</c>); 0: any.</param>
    public BtrfsDriver(string dataRoot, long minLimitBytes = 0)
    {
        folders = new(dataRoot, Name);
        this.minLimitBytes = minLimitBytes;
    }

    /// <inheritdoc/>
    public string Name => "btrfs";

    /// <inheritdoc/>
    public StorageDriverTraits Traits { get; } = new(WritesWithoutParents: false, SizeLimit: true);

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, string>> Status =>
    [
        new("Backing Filesystem", folders.BackingFileSystem),
        new("Quota", counts ? "on" : "not asked for yet"),
    ];

    /// <inheritdoc/>
    public void Probe()
    {
        StorageFailure.Translate($"btrfs: prepare {folders.Home}", () => folders.Prepare());
        BtrfsProbe.Run(folders.Home);
        // For the limits of layers that are there. Nobody waits: it takes as long as the file system is large.
        StorageFailure.Translate($"btrfs: count in {folders.Home}", () =>
        {
            using var home = OpenFolder(folders.Home);
            BtrfsQuota.BeginRecount(home);
        });
    }

    /// <inheritdoc/>
    /// <remarks>A snapshot is a transaction that waits for the disk, whatever the parent's size.</remarks>
    public void Create(LayerId id, IReadOnlyList<LayerId> parents)
    {
        StorageFailure.Translate($"btrfs: create layer {id}", () =>
        {
            folders.Make(id);
            if (LayerFolders.Exists(Tree(id))) return;
            FaultPoint.Reach("btrfs.create.folder-made");
            using var folder = OpenFolder(folders[id]);
            if (parents.Count == 0) MakeRoot(folder);
            else TakeSnapshot(parents[0], folder);
            FaultPoint.Reach("btrfs.create.made");
        });
    }

    /// <inheritdoc/>
    public void Rebase(LayerId id, IReadOnlyList<LayerId> parents) =>
        throw new InvalidOperationException("btrfs writes no layer without its parents");

    /// <inheritdoc/>
    /// <remarks>
    /// The first limit has the file system begin to count, which it does from then on and which slows the removal of snapshots down.
    /// What the layer shares with its parents is not counted.
    /// </remarks>
    public void LimitSize(LayerId id, long limitBytes)
    {
        if (limitBytes < minLimitBytes)
            throw StrakeException.Invalid($"btrfs: limit layer {id} to {limitBytes} bytes: btrfs.min_space asks for {minLimitBytes} at least");

        StorageFailure.Translate($"btrfs: limit layer {id} to {limitBytes} bytes", () =>
        {
            using var root = OpenFolder(Tree(id));
            // Each time: the kernel may have given up counting since, and holds no limit then.
            BtrfsQuota.Enable(root);
            counts = true;
            BtrfsQuota.LimitExclusive(root, limitBytes);
            FaultPoint.Reach("btrfs.limit.set");
        });
    }

    /// <inheritdoc/>
    public LayerContent Content(LayerId id) => new(Tree(id), WhiteoutForm.Absent);

    /// <inheritdoc/>
    public IReadOnlyList<Mount> Mounts(LayerId id, IReadOnlyList<LayerId> parents, LayerAccess access, string target) =>
        [Mount.Bind(Tree(id), target, access == LayerAccess.ReadOnly ? MountFlags.ReadOnly : MountFlags.None)];

    /// <inheritdoc/>
    public void Seal(IReadOnlyList<LayerId> ids)
    {
        if (ids.Count == 0) return;
        StorageFailure.Translate($"btrfs: write {ids.Count} layers to disk", () => folders.Sync());
    }

    /// <inheritdoc/>
    public LayerUsage Measure(LayerId id)
    {
        var usage = new LayerUsage(0, 0);
        StorageFailure.Translate($"btrfs: measure layer {id}", () => usage = LayerFolders.Measure(Tree(id)));
        return usage;
    }

    /// <inheritdoc/>
    public void Remove(LayerId id)
    {
        StorageFailure.Translate($"btrfs: remove layer {id}", () => folders.Remove(id, RemoveSubvolumes));
    }

    /// <inheritdoc/>
    public IReadOnlyList<LayerId> List() => folders.List();

    static void MakeRoot(SafeFileHandle folder)
    {
        // Made under another name, so that a crash before chmod leaves no root with the wrong mode.
        RemoveSubvolume(folder, "tree.new"u8);
        BtrfsSubvolume.Create(folder, "tree.new"u8);
        Syscall.ChmodAt(folder, "tree.new", Permissions.Octal0755);
        FaultPoint.Reach("btrfs.create.unready");
        Syscall.RenameAt(folder, "tree.new", folder, "tree");
    }

    void TakeSnapshot(LayerId parent, SafeFileHandle folder)
    {
        using var source = OpenFolder(Tree(parent));
        BtrfsSubvolume.Snapshot(source, folder, "tree"u8);
    }

    void RemoveSubvolumes(string removing)
    {
        using var folder = OpenFolder(removing);
        RemoveSubvolume(folder, "tree"u8);
        RemoveSubvolume(folder, "tree.new"u8);
    }

    // Also what is no subvolume by now: somebody may have restored the folder from a backup.
    static void RemoveSubvolume(SafeFileHandle folder, ReadOnlySpan<byte> name)
    {
        using var root = Syscall.TryOpenAt(folder, PathBytes.Terminate(name), OpenFlags.Directory | OpenFlags.NoFollow);
        if (root is null || !BtrfsSubvolume.IsRoot(root)) return;
        var number = BtrfsSubvolume.IdOf(root);
        BtrfsSubvolume.Remove(folder, name);
        FaultPoint.Reach("btrfs.remove.subvolume-gone");
        BtrfsQuota.TryRemoveGroup(folder, number);
    }

    static SafeFileHandle OpenFolder(string path) => Syscall.Open(path, OpenFlags.Directory | OpenFlags.NoFollow);

    string Tree(LayerId id) => Path.Combine(folders[id], "tree");
}
