using Strake.Layers.Erofs;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>
/// Keeps the contents of files once for all layers, and of each committed layer an image of everything else; overlayfs puts them together.
/// </summary>
/// <remarks>
/// <code>
/// &lt;data-root&gt;/composefs/       0700
///   empty/                    lies below a layer that has nothing below it
///   objects/                  contents: see <see cref="ObjectStore"/>
///   &lt;id&gt;/                     a layer that is written:
///     diff/ work/             as overlay2's
///     below/                  where its parents are mounted for the moment that its own mount is made
///   &lt;id&gt;/                     a sealed one:
///     layer.erofs             all but the contents, in overlay's form
///     apart.erofs             the same for looking at the layer by itself; only where it removes something
///     objects                 which contents it needs
///     mnt/                    where an image is mounted for the moment that an overlay is made of it
///     tree/                   the layer by itself: mounted when somebody asks for it first, until it goes or the daemon stops
///   &lt;id&gt;-removing/
/// </code>
/// A container has two overlays on one another: one that finds contents, and one without <c>metacopy</c> that is written. With a single one, a file whose
/// mode alone was changed would be a reference in the writable layer, and not to be read without the layers below.
/// </remarks>
public sealed class ComposefsDriver : IStorageDriver, IDisposable
{
    const int MostParents = 128;

    readonly LayerFolders folders;
    readonly ObjectStore objects;
    readonly string empty;
    readonly Lock mounting = new();
    string switches = "";
    string referenceSwitches = "";

    /// <summary>A driver that keeps its layers below a data root.</summary>
    /// <param name="dataRoot">An absolute path; exists when <see cref="Probe"/> is called.</param>
    public ComposefsDriver(string dataRoot)
    {
        folders = new(dataRoot, Name);
        objects = new(Path.Combine(folders.Home, "objects"));
        empty = Path.Combine(folders.Home, "empty");
    }

    /// <inheritdoc/>
    public string Name => "composefs";

    /// <inheritdoc/>
    public StorageDriverTraits Traits { get; private set; } = new(WritesWithoutParents: true, MaxParents: MostParents);

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, string>> Status =>
    [
        new("Backing Filesystem", folders.BackingFileSystem),
        new("Contents", objects.Directory),
        new("fs-verity", objects.Protects ? "on" : "off: the file system below does not have it"),
        new("Size limits", Traits.SizeLimit ? "project quota" : "none: the file system is not mounted with prjquota"),
    ];

    /// <inheritdoc/>
    public void Probe()
    {
        StorageFailure.Translate($"composefs: prepare {folders.Home}", () =>
        {
            Prepare();
            UnmountAll();
        });
        ComposefsProbe.Run(folders.Home);
        Traits = Traits with { SizeLimit = ProjectLimits.Work(folders.Home) };
    }

    /// <inheritdoc/>
    public void Create(LayerId id, IReadOnlyList<LayerId> parents)
    {
        RequireStackable(id, parents.Count);
        StorageFailure.Translate($"composefs: create layer {id}", () =>
        {
            folders.Make(id);
            if (IsSealed(id)) return;
            FaultPoint.Reach("composefs.create.folder-made");
            LayerFolders.MakeRoot(Diff(id));
            FaultPoint.Reach("composefs.create.diff-made");
            foreach (var folder in (ReadOnlySpan<string>)[Work(id), Below(id)]) MakeFolder(folder);
            FaultPoint.Reach("composefs.create.made");
        });
    }

    /// <inheritdoc/>
    public void Rebase(LayerId id, IReadOnlyList<LayerId> parents) => RequireStackable(id, parents.Count);

    /// <inheritdoc/>
    public void LimitSize(LayerId id, long limitBytes)
    {
        StorageFailure.Translate($"composefs: limit layer {id} to {limitBytes} bytes", () => ProjectLimits.Set([Diff(id), Work(id)], limitBytes));
    }

    /// <inheritdoc/>
    /// <remarks>A sealed layer is mounted by itself when it is asked for first.</remarks>
    public LayerContent Content(LayerId id)
    {
        if (!IsSealed(id)) return new(Diff(id), WhiteoutForm.Overlay);
        StorageFailure.Translate($"composefs: look at layer {id}", () => MountTree(id));
        return new(Tree(id), LayerFolders.Exists(Apart(id)) ? WhiteoutForm.DotWh : WhiteoutForm.Overlay);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Mount> Mounts(LayerId id, IReadOnlyList<LayerId> parents, LayerAccess access, string target)
    {
        if (access == LayerAccess.ReadOnly && IsSealed(id)) return Stack([id, .. parents], target);

        string[] lower = [parents.Count == 0 ? empty : Below(id)];
        var top = access == LayerAccess.ReadWrite
            ? new Mount("overlay", "overlay", target, MountFlags.None, new OverlayOptions(lower, Diff(id), Work(id), switches).ToString())
            : new Mount("overlay", "overlay", target, MountFlags.ReadOnly, new OverlayOptions([Diff(id), .. lower], Upper: null, Work: null, switches).ToString());
        return parents.Count == 0 ? [top] : [.. Stack(parents, Below(id)), top];
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Reads all contents to name them, and copies none: a file gets a second name in the object store, and loses its first with the layer's directory.
    /// </remarks>
    public void Seal(IReadOnlyList<LayerId> ids)
    {
        if (ids.Count == 0) return;
        StorageFailure.Translate($"composefs: write {ids.Count} layers to disk", () =>
        {
            foreach (var id in ids) WriteImages(id);
            folders.Sync();
            FaultPoint.Reach("composefs.seal.synced");
            // Only now: until here the layer was whole in its directory as well.
            foreach (var id in ids)
            {
                foreach (var folder in (ReadOnlySpan<string>)[Diff(id), Work(id), Below(id)]) TreeRemoval.Remove(folder);
                FaultPoint.Reach("composefs.seal.directory-gone");
            }
        });
    }

    /// <inheritdoc/>
    public LayerUsage Measure(LayerId id)
    {
        var usage = new LayerUsage(0, 0);
        StorageFailure.Translate($"composefs: measure layer {id}", () => usage = LayerFolders.Measure(Content(id).Directory));
        return usage;
    }

    /// <inheritdoc/>
    public void Remove(LayerId id)
    {
        StorageFailure.Translate($"composefs: remove layer {id}", () => folders.Remove(id, Release));
    }

    /// <inheritdoc/>
    public IReadOnlyList<LayerId> List() => folders.List();

    /// <summary>Takes off what was mounted to look at layers. Containers need none of it.</summary>
    public void Dispose() => StorageFailure.Translate($"composefs: close {folders.Home}", UnmountAll);

    /// <summary>Makes the driver's own directories, and finds out what mounts need on this kernel.</summary>
    internal void Prepare()
    {
        folders.Prepare();
        LayerFolders.MakeRoot(empty);
        objects.Prepare();
        switches = OverlaySwitches.Read();
        // Not "require": layers that were sealed before the file system had fs-verity refer to contents without it.
        referenceSwitches = OverlaySwitches.ReadForReferences() + (objects.Protects ? ",verity=on" : "");
    }

    // Layers, top first, as one tree to look at: their images as scaffolding, and the overlay that finds the contents. One that is never sealed, such
    // as what containers are given to mount on, lies there with its own directory.
    List<Mount> Stack(IReadOnlyList<LayerId> layers, string target)
    {
        var mounts = layers.Where(IsSealed).Select(layer => new Mount("erofs", Image(layer), Scaffold(layer), MountFlags.ReadOnly)).ToList();
        mounts.Add(Overlay([.. layers.Select(layer => IsSealed(layer) ? Scaffold(layer) : Diff(layer))], target));
        return mounts;
    }

    Mount Overlay(IReadOnlyList<string> lower, string target)
    {
        var options = new OverlayOptions(lower, Upper: null, Work: null, referenceSwitches) { DataOnly = objects.Directory };
        return new("overlay", "overlay", target, MountFlags.ReadOnly, options.ToString());
    }

    // Also what a crash left.
    void UnmountAll()
    {
        foreach (var mount in MountTable.Below(folders.Home).Reverse()) Syscall.TryUnmount(mount.MountPoint, UnmountFlags.Detach);
    }

    void MountTree(LayerId id)
    {
        lock (mounting)
        {
            if (Syscall.StatAt(Syscall.WorkingDirectory, Tree(id), fields: StatFields.Basic).IsMountRoot) return;
            var image = LayerFolders.Exists(Apart(id)) ? Apart(id) : Image(id);
            // Not on the other scaffold, which whoever makes a container's mount takes off when he likes.
            using var covered = new Mount("erofs", image, Tree(id), MountFlags.ReadOnly).Attach();
            Overlay([Tree(id)], Tree(id)).Attach().Release();
            covered.Release();
        }
    }

    void WriteImages(LayerId id)
    {
        if (IsSealed(id)) return;
        using var folder = Syscall.Open(folders[id], OpenFlags.Directory);
        using var root = Syscall.Open(Diff(id), OpenFlags.Directory);
        var tree = SealedTree.Of(root);
        foreach (var made in (ReadOnlySpan<string>)[Scaffold(id), Tree(id)]) MakeFolder(made);
        objects.Add(Index(id), root, tree.Contents);
        if (objects.Protects) tree.Protect(objects.Protect);
        FaultPoint.Reach("composefs.seal.protected");
        if (ReferenceEquals(tree.Apart, tree.Stacked)) Syscall.TryUnlinkAt(folder, "apart.erofs");
        else WriteImage(folder, "apart.erofs", tree.Apart);
        FaultPoint.Reach("composefs.seal.apart");
        // With this name the layer is sealed.
        WriteImage(folder, "layer.erofs", tree.Stacked);
        FaultPoint.Reach("composefs.seal.image");
    }

    static void WriteImage(Microsoft.Win32.SafeHandles.SafeFileHandle folder, string name, ErofsFile tree)
    {
        var unready = name + ".new";
        using (var file = Syscall.OpenAt(folder, unready, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.NoFollow, Permissions.Octal0600))
            RandomAccess.Write(file, ErofsImage.Of(tree), 0);
        Syscall.RenameAt(folder, unready, folder, name);
    }

    void Release(string removing)
    {
        foreach (var name in (ReadOnlySpan<string>)["tree", "mnt", "below"])
        {
            while (Syscall.TryUnmount(Path.Combine(removing, name), UnmountFlags.Detach | UnmountFlags.NoFollow))
            {
            }
        }

        objects.Release(Path.Combine(removing, "objects"), () => folders.List().Select(Index));
        FaultPoint.Reach("composefs.remove.released");
    }

    static void RequireStackable(LayerId id, int parents)
    {
        if (parents > MostParents) throw StrakeException.Invalid($"composefs: layer {id} on {parents} layers; the most is {MostParents}");
    }

    static void MakeFolder(string path) => Syscall.TryMkdirAt(Syscall.WorkingDirectory, PathBytes.Encode(path), Permissions.Octal0700);

    bool IsSealed(LayerId id) => LayerFolders.Exists(Image(id));

    string Diff(LayerId id) => Path.Combine(folders[id], "diff");

    string Work(LayerId id) => Path.Combine(folders[id], "work");

    string Below(LayerId id) => Path.Combine(folders[id], "below");

    string Image(LayerId id) => Path.Combine(folders[id], "layer.erofs");

    string Apart(LayerId id) => Path.Combine(folders[id], "apart.erofs");

    string Index(LayerId id) => Path.Combine(folders[id], "objects");

    string Scaffold(LayerId id) => Path.Combine(folders[id], "mnt");

    string Tree(LayerId id) => Path.Combine(folders[id], "tree");
}
