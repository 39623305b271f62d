using System.Text;
using Strake.Layers.Archive.Paths;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>Stacks layers with the kernel's overlay file system: each holds its own changes only, in overlay's own form.</summary>
/// <remarks>
/// <code>
/// &lt;data-root&gt;/overlay2/        0700
///   fuse                      there since fuse-overlayfs was used for the first time
///   empty/                    lies below a layer that has nothing below it: overlay wants two directories
///   &lt;id&gt;/                     0700
///     diff/                   the layer's files; at first 0755, then as its own entry says
///     work/                   overlay's, on the same file system as diff
///     parents                 ids of the layers below, top first, a line each: for a person who must mount the layer by hand
///                             because the records are lost; the driver itself never reads it
///   &lt;id&gt;-removing/
/// </code>
/// </remarks>
public sealed class Overlay2Driver : IStorageDriver
{
    // The kernel stacks up to 500 (OVL_MAX_STACK); 128 is what overlay2 has always promised.
    const int MostParents = 128;

    readonly LayerFolders folders;
    readonly string empty;
    readonly string fuse;
    readonly string? namedProgram;
    readonly OverlayKernel kernel;
    string? program;
    string? refusal;
    bool hasFuseMarks;
    string switches = "";
    bool takesLayersOneByOne = true;

    /// <summary>A driver that keeps its layers below a data root.</summary>
    /// <param name="dataRoot">An absolute path; exists when <see cref="Probe"/> is called.</param>
    /// <param name="mountProgram">
    /// The path of fuse-overlayfs, which shall mount and not the kernel (<c>overlay2.mount_program</c>); null: it does where the kernel cannot.
    /// </param>
    public Overlay2Driver(string dataRoot, string? mountProgram = null)
        : this(dataRoot, mountProgram, OverlayKernel.Own)
    {
    }

    /// <summary>As the other, on a kernel that a test chooses.</summary>
    internal Overlay2Driver(string dataRoot, string? mountProgram, OverlayKernel kernel)
    {
        folders = new(dataRoot, Name);
        empty = Path.Combine(folders.Home, "empty");
        fuse = Path.Combine(folders.Home, "fuse");
        namedProgram = mountProgram;
        this.kernel = kernel;
        Traits = new(WritesWithoutParents: true, MaxParents: MostParents, SealsWritable: mountProgram is null);
    }

    /// <inheritdoc/>
    public string Name => "overlay2";

    /// <inheritdoc/>
    public StorageDriverTraits Traits { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, string>> Status =>
    [
        new("Backing Filesystem", folders.BackingFileSystem),
        new("Supports d_type", "true"),
        new("Using metacopy", "false"),
        new("Native Overlay Diff", "true"),
        new("userxattr", OverlayXattrs.AreUsers ? "true" : "false"),
        new("Mounted by", program ?? "the kernel"),
        new("Size limits", Traits.SizeLimit ? "project quota" : "none: the file system is not mounted with prjquota"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => refusal is null ? [] : [$"overlays are mounted by {program}, which is slower than the kernel; that says: {refusal}"];

    /// <inheritdoc/>
    public void Probe()
    {
        StorageFailure.Translate($"overlay2: prepare {folders.Home}", () =>
        {
            folders.Prepare();
            LayerFolders.MakeRoot(empty);
        });

        program = ChooseProgram();
        StorageFailure.Translate($"overlay2: prepare {folders.Home}", NoteMarks);
        // Only now is the module surely loaded, and with it the file of its defaults.
        switches = OverlaySwitches.Read();
        takesLayersOneByOne = kernel.TakesLayersOneByOne();
        Traits = Traits with
        {
            // The program writes as root; on ext4, unlike on xfs, no limit binds root.
            SizeLimit = ProjectLimits.Work(folders.Home) && (program is null || FileSystem.TypeOf(folders.Home) is "xfs"),
            // What it writes has marks that an image's layer has not.
            SealsWritable = program is null,
        };
    }

    /// <inheritdoc/>
    public void Create(LayerId id, IReadOnlyList<LayerId> parents)
    {
        if (parents.Count > MostParents)
            throw StrakeException.Invalid($"overlay2: create layer {id}: {parents.Count} layers below it; the most is {MostParents}");
        if (parents.Count > 0) RequireMountable(id, parents.Count, OptionsOf(id, parents, LayerAccess.ReadWrite).ToString());

        StorageFailure.Translate($"overlay2: create layer {id}", () =>
        {
            folders.Make(id);
            FaultPoint.Reach("overlay2.create.folder-made");
            LayerFolders.MakeRoot(Diff(id));
            FaultPoint.Reach("overlay2.create.diff-made");
            Syscall.TryMkdirAt(Syscall.WorkingDirectory, PathBytes.Encode(Work(id)), Permissions.Octal0700);
            FaultPoint.Reach("overlay2.create.work-made");
            WriteParents(id, parents);
            FaultPoint.Reach("overlay2.create.made");
        });
    }

    /// <inheritdoc/>
    public void Rebase(LayerId id, IReadOnlyList<LayerId> parents)
    {
        if (parents.Count > MostParents)
            throw StrakeException.Invalid($"overlay2: lay {id} on {parents.Count} layers; the most is {MostParents}");

        StorageFailure.Translate($"overlay2: lay {id} on its parents", () => WriteParents(id, parents));
    }

    /// <inheritdoc/>
    public void LimitSize(LayerId id, long limitBytes)
    {
        StorageFailure.Translate($"overlay2: limit layer {id} to {limitBytes} bytes", () => ProjectLimits.Set([Diff(id), Work(id)], limitBytes));
    }

    /// <inheritdoc/>
    public LayerContent Content(LayerId id) => new(Diff(id), WhiteoutForm.Overlay) { HasFuseMarks = hasFuseMarks };

    /// <inheritdoc/>
    /// <remarks>
    /// Always an overlay, also for a layer with nothing below it: a plain bind would show whiteouts as devices. <c>volatile</c> is
    /// never asked for, though unmounting would be cheaper: it makes fsync in the container do nothing.
    /// </remarks>
    public IReadOnlyList<Mount> Mounts(LayerId id, IReadOnlyList<LayerId> parents, LayerAccess access, string target)
    {
        var flags = access == LayerAccess.ReadOnly ? MountFlags.ReadOnly : MountFlags.None;
        if (program is not null) return [FuseOverlay.Mount(program, folders.Home, OptionsOf(id, parents, access), id.ToString(), target, flags)];

        var options = OptionsOf(id, parents, access).ToString();
        RequireMountable(id, parents.Count, options);
        return [new Mount("overlay", "overlay", target, flags, options) { Base = takesLayersOneByOne ? null : folders.Home }];
    }

    /// <inheritdoc/>
    public void Seal(IReadOnlyList<LayerId> ids)
    {
        if (ids.Count == 0) return;
        StorageFailure.Translate($"overlay2: write {ids.Count} layers to disk", () => folders.Sync());
    }

    /// <inheritdoc/>
    public LayerUsage Measure(LayerId id)
    {
        var usage = new LayerUsage(0, 0);
        StorageFailure.Translate($"overlay2: measure layer {id}", () => usage = LayerFolders.Measure(Diff(id), hasFuseMarks ? LayerContent.IsFuseMark : null));
        return usage;
    }

    /// <inheritdoc/>
    public void Remove(LayerId id)
    {
        StorageFailure.Translate($"overlay2: remove layer {id}", () => folders.Remove(id));
    }

    /// <inheritdoc/>
    public IReadOnlyList<LayerId> List() => folders.List();

    // Null: the kernel.
    string? ChooseProgram()
    {
        if (namedProgram is not null)
        {
            OverlayProbe.Run(folders.Home, namedProgram);
            return namedProgram;
        }

        try
        {
            kernel.Probe(folders.Home);
            return null;
        }
        catch (StrakeException kernels) when (kernels.Kind is ErrorKind.Unavailable && HostProgram.Find(FuseOverlay.Name) is { } found)
        {
            try
            {
                OverlayProbe.Run(folders.Home, found);
            }
            catch (StrakeException programs) when (programs.Kind is ErrorKind.Unavailable)
            {
                throw StrakeException.Unavailable($"{kernels.Message} ({found} cannot either: {programs.Message})", kernels);
            }

            refusal = kernels.Message;
            return found;
        }
    }

    // Known for good: what the program has written is read so also by a later run to which the kernel says yes.
    void NoteMarks()
    {
        if (program is not null && !LayerFolders.Exists(fuse)) DurableFile.Write(fuse, [], Permissions.Octal0600);
        hasFuseMarks = LayerFolders.Exists(fuse);
    }

    OverlayOptions OptionsOf(LayerId id, IReadOnlyList<LayerId> parents, LayerAccess access)
    {
        var lower = new List<string>(parents.Count + 1);
        if (access == LayerAccess.ReadOnly) lower.Add(Named(Diff(id)));
        foreach (var parent in parents) lower.Add(Named(Diff(parent)));
        if (parents.Count == 0) lower.Add(Named(empty));
        return access == LayerAccess.ReadOnly
            ? new OverlayOptions(lower, Upper: null, Work: null, program is null ? switches : "")
            : new OverlayOptions(lower, Named(Diff(id)), Named(Work(id)), program is null ? switches : "");
    }

    // Where all of them must fit into a page, they are named from the driver's directory: ids are short.
    string Named(string path) => takesLayersOneByOne && program is null ? path : Path.GetRelativePath(folders.Home, path);

    // Told before the kernel tells it with EINVAL, and before a container is made that could never start.
    void RequireMountable(LayerId id, int parents, string options)
    {
        var bytes = Encoding.UTF8.GetByteCount(options);
        if (takesLayersOneByOne || program is not null || bytes < Environment.SystemPageSize) return;
        throw StrakeException.NotSupported(
            $"overlay2: mount layer {id} on {parents} others: that takes {bytes} bytes of options, and this kernel takes {Environment.SystemPageSize - 1}; "
            + "use Linux 6.8 or later, or an image of fewer layers");
    }

    // In place: whatever a crash leaves of it is written anew before a record says that the layer is there.
    void WriteParents(LayerId id, IReadOnlyList<LayerId> parents)
    {
        var text = new StringBuilder();
        foreach (var parent in parents) text.Append(parent).Append('\n');

        const OpenFlags flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.NoFollow;
        using var file = Syscall.Open(ParentsPath(id), flags, Permissions.Octal0600);
        ReadOnlySpan<byte> rest = Encoding.ASCII.GetBytes(text.ToString());
        while (rest.Length > 0) rest = rest[Syscall.TryWrite(file, rest)..];
    }

    string Diff(LayerId id) => Path.Combine(folders[id], "diff");

    string Work(LayerId id) => Path.Combine(folders[id], "work");

    string ParentsPath(LayerId id) => Path.Combine(folders[id], "parents");
}
