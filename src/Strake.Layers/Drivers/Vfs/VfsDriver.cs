using Strake.Linux;

namespace Strake.Layers;

/// <summary>
/// Keeps each layer as the whole tree, a copy of its parent's with its own changes in it. Works on every file system and needs no
/// kernel feature; costs space, except where files can share their blocks (xfs, btrfs).
/// </summary>
/// <remarks>
/// <code>
/// &lt;data-root&gt;/vfs/             0700
///   &lt;id&gt;/                     0700
///     dir/                    the whole tree
///     dir.new/                a copy of the parent's tree that is not finished
///   &lt;id&gt;-removing/
/// </code>
/// </remarks>
public sealed class VfsDriver : IStorageDriver
{
    readonly LayerFolders folders;

    /// <summary>A driver that keeps its layers below a data root.</summary>
    /// <param name="dataRoot">An absolute path; exists when <see cref="Probe"/> is called.</param>
    public VfsDriver(string dataRoot) => folders = new(dataRoot, Name);

    /// <inheritdoc/>
    public string Name => "vfs";

    /// <inheritdoc/>
    public StorageDriverTraits Traits { get; } = new(WritesWithoutParents: false);

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, string>> Status => [new("Backing Filesystem", folders.BackingFileSystem)];

    /// <inheritdoc/>
    public void Probe()
    {
        StorageFailure.Translate($"vfs: prepare {folders.Home}", () => folders.Prepare());
    }

    /// <inheritdoc/>
    /// <remarks>Costs a copy of the parent's tree.</remarks>
    public void Create(LayerId id, IReadOnlyList<LayerId> parents)
    {
        StorageFailure.Translate($"vfs: create layer {id}", () =>
        {
            folders.Make(id);
            if (LayerFolders.Exists(Tree(id))) return;
            FaultPoint.Reach("vfs.create.folder-made");
            if (parents.Count == 0) LayerFolders.MakeRoot(Tree(id));
            else CopyTree(parents[0], id);
            FaultPoint.Reach("vfs.create.made");
        });
    }

    /// <inheritdoc/>
    public void Rebase(LayerId id, IReadOnlyList<LayerId> parents) =>
        throw new InvalidOperationException("vfs writes no layer without its parents");

    /// <inheritdoc/>
    public void LimitSize(LayerId id, long limitBytes) => throw new InvalidOperationException("vfs has no size limits");

    /// <inheritdoc/>
    public LayerContent Content(LayerId id) => new(Tree(id), WhiteoutForm.Absent);

    /// <inheritdoc/>
    public IReadOnlyList<Mount> Mounts(LayerId id, IReadOnlyList<LayerId> parents, LayerAccess access, string target) =>
        [Mount.Bind(Tree(id), target, access == LayerAccess.ReadOnly ? MountFlags.ReadOnly : MountFlags.None)];

    /// <inheritdoc/>
    public void Seal(IReadOnlyList<LayerId> ids)
    {
        if (ids.Count == 0) return;
        StorageFailure.Translate($"vfs: write {ids.Count} layers to disk", () => folders.Sync());
    }

    /// <inheritdoc/>
    public LayerUsage Measure(LayerId id)
    {
        var usage = new LayerUsage(0, 0);
        StorageFailure.Translate($"vfs: measure layer {id}", () => usage = LayerFolders.Measure(Tree(id)));
        return usage;
    }

    /// <inheritdoc/>
    public void Remove(LayerId id)
    {
        StorageFailure.Translate($"vfs: remove layer {id}", () => folders.Remove(id));
    }

    /// <inheritdoc/>
    public IReadOnlyList<LayerId> List() => folders.List();

    // Copied under another name: a tree under its own is whole. What a crash left half copied is begun anew.
    void CopyTree(LayerId parent, LayerId id)
    {
        var unfinished = Tree(id) + ".new";
        TreeRemoval.Remove(unfinished);
        Syscall.MkdirAt(Syscall.WorkingDirectory, unfinished, Permissions.Octal0700);
        using (var source = Syscall.Open(Tree(parent), OpenFlags.Directory))
        using (var target = Syscall.Open(unfinished, OpenFlags.Directory))
        {
            TreeCopy.Copy(source, target);
            // Else a power cut may leave the new name and, under it, files without their content.
            Syscall.SyncFs(target);
        }

        FaultPoint.Reach("vfs.create.copied");
        Syscall.RenameAt(Syscall.WorkingDirectory, unfinished, Syscall.WorkingDirectory, Tree(id));
    }

    string Tree(LayerId id) => Path.Combine(folders[id], "dir");
}
