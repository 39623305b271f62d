using Strake.Conformance.FileSystems;
using Strake.Layers;
using Strake.Linux;
using Xunit;

namespace Strake.Conformance.Layers;

/// <summary>
/// The laws of <see cref="IStorageDriver"/>, for every driver on every file system that it is offered for; the parts of this class are its
/// chapters. A difference between drivers is a trait, never a test on a name.
/// </summary>
public abstract partial class StorageDriverSuite : IDisposable
{
    readonly string _folder;
    readonly string _mounts;
    readonly List<LayerMountPoint> _mounted = [];
    int _targets;

    /// <summary>Opens the driver on a new folder.</summary>
    /// <param name="fileSystem">Where.</param>
    /// <param name="open">Makes the driver; gets the data root, an empty directory.</param>
    protected StorageDriverSuite(ScratchFileSystem fileSystem, Func<string, IStorageDriver> open)
    {
        Open = open;
        _folder = fileSystem.NewFolder();
        _mounts = Directory.CreateDirectory(Path.Combine(_folder, "mounts")).FullName;
        DataRoot = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        Driver = Open(DataRoot);
        Driver.Probe();
    }

    /// <summary>Whether a directory that is copied up keeps its set-group-ID bit.</summary>
    protected virtual bool KeepsSetGroupId => true;

    /// <summary>Whether devices, pipes and sockets can be given another mode once they are made.</summary>
    protected virtual bool ChangesSpecialFiles => true;

    /// <summary>The driver under test.</summary>
    protected IStorageDriver Driver { get; }

    /// <summary>Where it keeps its layers.</summary>
    protected string DataRoot { get; }

    /// <summary>Makes another driver object.</summary>
    protected Func<string, IStorageDriver> Open { get; }

    public void Dispose()
    {
        foreach (var mount in _mounted) mount.Dispose();
        (Driver as IDisposable)?.Dispose();
        ScratchFileSystem.Remove(_folder);
        GC.SuppressFinalize(this);
    }

    /// <summary>A committed layer on others: created, written through a mount, sealed.</summary>
    /// <param name="below">The stack that it lies on; null: on nothing.</param>
    /// <param name="write">Gets the mounted root.</param>
    /// <returns>The new stack, top layer first.</returns>
    protected LayerStack Layer(LayerStack? below, Action<string> write)
    {
        var stack = Writable(below);
        using (var mount = Mount(stack, LayerAccess.ReadWrite)) write(mount.Root);
        Driver.Seal([stack.Top]);
        return stack;
    }

    /// <summary>A layer that is not mounted yet and can be written.</summary>
    protected LayerStack Writable(LayerStack? below)
    {
        var stack = new LayerStack(LayerId.New(), below?.All ?? []);
        Driver.Create(stack.Top, stack.Parents);
        return stack;
    }

    /// <summary>Mounts a stack.</summary>
    protected LayerMountPoint Mount(LayerStack stack, LayerAccess access)
    {
        var target = Directory.CreateDirectory(Path.Combine(_mounts, $"{++_targets}")).FullName;
        using var active = (Driver as ILayerActivation)?.Activate(stack.Top);
        var mount = new LayerMountPoint(target, Driver.Mounts(stack.Top, stack.Parents, access, target));
        _mounted.Add(mount);
        return mount;
    }

    /// <summary>Looks at a stack through a read-only mount.</summary>
    protected void View(LayerStack stack, Action<string> look)
    {
        using var mount = Mount(stack, LayerAccess.ReadOnly);
        look(mount.Root);
    }

    /// <summary>All names below a directory, sorted, with a slash behind those of directories.</summary>
    protected static string Names(string root)
    {
        var names = Directory.EnumerateFileSystemEntries(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(path => Path.GetRelativePath(root, path) + (IsDirectory(path) ? "/" : ""))
            .Order(StringComparer.Ordinal);
        return string.Join(' ', names);
    }

    protected static FileStat StatOf(string path) => Syscall.StatAt(Syscall.WorkingDirectory, path);

    static bool IsDirectory(string path) => StatOf(path).Kind == FileKind.Directory;
}
