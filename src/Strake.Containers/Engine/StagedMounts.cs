using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Strake.Containers.Mounts;
using Strake.Layers;
using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>
/// Sources of mounts that a runtime cannot be told by their path on the host: places inside volumes and images, which are opened once
/// and mounted by what was opened; images, which are mounted for the container alone; and binds that share mounts with the host, which
/// are taken from the host's namespace before the container's is cut off from it.
/// </summary>
/// <remarks>
/// They are mounted under the bundle, in the namespace that conmon and the runtime have for themselves, and go with it:
/// <code>
/// &lt;bundle&gt;/
///   images/&lt;n&gt;    an image's file system
///   mounts/&lt;n&gt;    what the spec names as a mount's source: a directory, or a file
/// </code>
/// </remarks>
sealed class StagedMounts : IDisposable
{
    readonly EngineContext context;
    readonly string bundle;
    readonly List<Staged> staged = [];
    readonly List<(MountPoint Mount, WritableLayer Layer)> images = [];
    readonly Dictionary<string, string> places = [];
    readonly HashSet<string> files = [];
    readonly Dictionary<string, IReadOnlyList<string>> restrictions = [];

    StagedMounts(EngineContext context, string bundle)
    {
        this.context = context;
        this.bundle = bundle;
    }

    /// <summary>Where the sources lie, by the mounts' destinations; only those that are staged, once <see cref="Place()"/> has run.</summary>
    public IReadOnlyDictionary<string, string> Places => places;

    /// <summary>The destinations of all mounts that show a file, once <see cref="Place()"/> has run.</summary>
    public IReadOnlySet<string> Files => files;

    /// <summary>What the mounts forbid from which volumes and binds are taken, by the destinations.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Restrictions => restrictions;

    /// <summary>Opens what is to be staged, in the host's namespace.</summary>
    /// <param name="context">The engine.</param>
    /// <param name="id">The container; its bundle's folder exists.</param>
    /// <param name="mounts">Its mounts; volumes are mounted, their sources known.</param>
    /// <exception cref="StrakeException">A place inside a volume is not there or leads out; a source cannot share mounts; an image's layer is gone.</exception>
    public static async Task<StagedMounts> OpenAsync(EngineContext context, string id, IReadOnlyList<MountPoint> mounts)
    {
        var made = new StagedMounts(context, context.Run.Bundle(id));
        try
        {
            foreach (MountPoint mount in mounts)
                await made.OpenAsync(mount);
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>The directory that a staged mount shows; null where it is not staged, or shows a file. The caller disposes the handle.</summary>
    /// <param name="destination">Where the container sees it.</param>
    public RootedDirectory? TryOpenDirectory(string destination)
    {
        Staged? one = staged.Find(one => one.Destination == destination);
        return one is { IsDirectory: true }
            ? new RootedDirectory(Syscall.OpenAt(one.Tree, ".", OpenFlags.Path | OpenFlags.Directory), PathRule.InRoot)
            : null;
    }

    /// <summary>Mounts everything. For the mount thread, in the container's namespace.</summary>
    /// <exception cref="StrakeException">An image cannot be mounted, or the place inside it is not there or leads out.</exception>
    public void Place()
    {
        foreach ((MountPoint mount, WritableLayer layer) in images)
            PlaceImage(mount, layer);
        for (int number = places.Count; staged.Find(one => !places.ContainsKey(one.Destination)) is { } one; number++)
            places[one.Destination] = Place(one, $"{bundle}/mounts/{number.ToString(CultureInfo.InvariantCulture)}");
    }

    /// <summary>Closes what was opened; mounts stay as long as their namespace.</summary>
    public void Dispose()
    {
        foreach (Staged one in staged)
            one.Tree.Dispose();
    }

    async Task OpenAsync(MountPoint mount)
    {
        string subpath = mount.Detail?.Subpath ?? "";
        // What is not there, whoever mounts it tells.
        if (mount.Type is MountRules.Volume or MountRules.Bind && Path.Exists(mount.Source))
            restrictions[mount.Destination] = Syscall.StatFs(mount.Source).Restrictions;
        switch (mount.Type)
        {
            case MountRules.Image:
                WritableLayer layer = await context.Layers.FindWritableAsync(mount.Detail!.LayerOwner, CancellationToken.None)
                    ?? throw StrakeException.DataLoss($"the layer that shows the image {mount.Name} at {mount.Destination} is gone; remove the container and make it again");
                images.Add((mount, layer));
                break;
            case MountRules.Volume or MountRules.Bind when subpath.Length > 0:
                if (mount.Type is MountRules.Bind && !SourcePropagation.IsPrivate(mount.Propagation)) SourcePropagation.Check(mount.Source, mount.Propagation, MountTable.Read());
                using (SafeFileHandle place = Subpath.Open(mount.Source, subpath))
                    staged.Add(Clone(mount.Destination, place, OpenTreeFlags.Recursive));
                break;
            case MountRules.Bind when File.Exists(mount.Source):
                // A file has nothing below, and mounts do not spread through it.
                files.Add(mount.Destination);
                break;
            case MountRules.Bind when !SourcePropagation.IsPrivate(mount.Propagation):
                using (SafeFileHandle source = Syscall.Open(mount.Source, OpenFlags.Path))
                {
                    SourcePropagation.Check(Syscall.PathOf(source), mount.Propagation, MountTable.Read());
                    OpenTreeFlags depth = mount.Detail?.NonRecursive == true ? OpenTreeFlags.None : OpenTreeFlags.Recursive;
                    staged.Add(Clone(mount.Destination, source, depth));
                }

                break;
        }
    }

    void PlaceImage(MountPoint mount, WritableLayer layer)
    {
        string target = $"{bundle}/images/{places.Count.ToString(CultureInfo.InvariantCulture)}";
        Directory.CreateDirectory(target, Permissions.Octal0700);
        context.Layers.Mount(layer, LayerAccess.ReadOnly, target).Release();
        places[mount.Destination] = target;
        if (mount.Detail is not { Subpath: { Length: > 0 } subpath })
            return;
        using SafeFileHandle place = Subpath.Open(target, subpath);
        Staged one = Clone(mount.Destination, place, OpenTreeFlags.None);
        staged.Add(one);
        places[mount.Destination] = Place(one, $"{bundle}/mounts/image-{places.Count.ToString(CultureInfo.InvariantCulture)}");
    }

    Staged Clone(string destination, SafeFileHandle place, OpenTreeFlags depth)
    {
        bool isDirectory = Syscall.Stat(place).Kind == FileKind.Directory;
        if (!isDirectory)
            files.Add(destination);
        return new Staged(destination, Syscall.OpenTree(place, "\0"u8, OpenTreeFlags.Clone | OpenTreeFlags.EmptyPath | depth), isDirectory);
    }

    static string Place(Staged one, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!, Permissions.Octal0700);
        if (one.IsDirectory)
            Directory.CreateDirectory(target, Permissions.Octal0700);
        else
            Syscall.Open(target, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.NoFollow, Permissions.Octal0600).Dispose();
        Syscall.MoveMount(one.Tree, Syscall.WorkingDirectory, PathBytes.Encode(target));
        return target;
    }

    sealed record Staged(string Destination, SafeFileHandle Tree, bool IsDirectory);
}
