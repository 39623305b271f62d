using System.Text;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>
/// Stacks layers with aufs, for kernels that were given it: it was never part of Linux, and distributions no longer add it. Where it is missing,
/// <see cref="Probe"/> says so.
/// </summary>
/// <remarks>
/// <code>
/// &lt;data-root&gt;/aufs/            0700
///   empty/                    the branch below a layer that has nothing below it
///   &lt;id&gt;/                     0700
///     diff/                   the layer's files; removals as .wh.name, opaque directories with .wh..wh..opq
///   &lt;id&gt;-removing/
/// </code>
/// </remarks>
public sealed class AufsDriver : IStorageDriver
{
    // AUFS_BRANCH_127 is what distributions built it with.
    const int MostParents = 126;

    readonly LayerFolders folders;
    readonly string empty;
    readonly string fileSystems;

    /// <summary>A driver that keeps its layers below a data root.</summary>
    /// <param name="dataRoot">An absolute path; exists when <see cref="Probe"/> is called.</param>
    public AufsDriver(string dataRoot)
        : this(dataRoot, "/proc/filesystems")
    {
    }

    /// <summary>As the other, on a kernel whose file systems a file lists.</summary>
    internal AufsDriver(string dataRoot, string fileSystems)
    {
        folders = new(dataRoot, Name);
        empty = Path.Combine(folders.Home, "empty");
        this.fileSystems = fileSystems;
    }

    /// <inheritdoc/>
    public string Name => "aufs";

    /// <inheritdoc/>
    public StorageDriverTraits Traits { get; } = new(WritesWithoutParents: true, MaxParents: MostParents);

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, string>> Status => [new("Backing Filesystem", folders.BackingFileSystem)];

    /// <inheritdoc/>
    public void Probe()
    {
        if (!File.ReadLines(fileSystems).Any(line => line.EndsWith("\taufs", StringComparison.Ordinal)))
            throw StrakeException.Unavailable("aufs: this kernel has no aufs, which was never part of Linux; choose overlay2, which does the same");

        StorageFailure.Translate($"aufs: prepare {folders.Home}", () =>
        {
            folders.Prepare();
            LayerFolders.MakeRoot(empty);
        });
    }

    /// <inheritdoc/>
    public void Create(LayerId id, IReadOnlyList<LayerId> parents)
    {
        RequireStackable(id, parents.Count);
        StorageFailure.Translate($"aufs: create layer {id}", () =>
        {
            folders.Make(id);
            FaultPoint.Reach("aufs.create.folder-made");
            LayerFolders.MakeRoot(Diff(id));
        });
    }

    /// <inheritdoc/>
    public void Rebase(LayerId id, IReadOnlyList<LayerId> parents) => RequireStackable(id, parents.Count);

    /// <inheritdoc/>
    public void LimitSize(LayerId id, long limitBytes) => throw new InvalidOperationException("aufs has no size limits");

    /// <inheritdoc/>
    public LayerContent Content(LayerId id) => new(Diff(id), WhiteoutForm.DotWh);

    /// <inheritdoc/>
    /// <remarks>
    /// <c>ro+wh</c>: a read-only branch whose whiteouts count. <c>xino</c> on a tmpfs, for its table of inode numbers must not lie on a branch;
    /// <c>dio</c> and <c>dirperm1</c>, so that direct reads work and the rights of the topmost directory alone count.
    /// </remarks>
    public IReadOnlyList<Mount> Mounts(LayerId id, IReadOnlyList<LayerId> parents, LayerAccess access, string target)
    {
        var branches = new StringBuilder("br:").Append(Diff(id)).Append(access == LayerAccess.ReadWrite ? "=rw" : "=ro+wh");
        foreach (var parent in parents) branches.Append(':').Append(Diff(parent)).Append("=ro+wh");
        if (parents.Count == 0) branches.Append(':').Append(empty).Append("=ro");
        var flags = access == LayerAccess.ReadOnly ? MountFlags.ReadOnly : MountFlags.None;
        return [new Mount("aufs", "none", target, flags, branches.Append(",dio,xino=/dev/shm/aufs.xino,dirperm1").ToString())];
    }

    /// <inheritdoc/>
    public void Seal(IReadOnlyList<LayerId> ids)
    {
        if (ids.Count == 0) return;
        StorageFailure.Translate($"aufs: write {ids.Count} layers to disk", () => folders.Sync());
    }

    /// <inheritdoc/>
    public LayerUsage Measure(LayerId id)
    {
        var usage = new LayerUsage(0, 0);
        StorageFailure.Translate($"aufs: measure layer {id}", () => usage = LayerFolders.Measure(Diff(id)));
        return usage;
    }

    /// <inheritdoc/>
    public void Remove(LayerId id)
    {
        StorageFailure.Translate($"aufs: remove layer {id}", () => folders.Remove(id));
    }

    /// <inheritdoc/>
    public IReadOnlyList<LayerId> List() => folders.List();

    static void RequireStackable(LayerId id, int parents)
    {
        if (parents > MostParents) throw StrakeException.Invalid($"aufs: layer {id} on {parents} layers; the most is {MostParents}");
    }

    string Diff(LayerId id) => Path.Combine(folders[id], "diff");
}
