using Strake.Layers;
using Strake.Linux;

namespace Strake.Containers.Files;

/// <summary>
/// A container's file system as the container sees it, opened at its root. Every path is resolved by the kernel inside
/// that root in one step, so a process in the container that swaps links meanwhile leads nobody out of it.
/// </summary>
/// <remarks>
/// The races that this closes: CVE-2018-15664 (docker cp resolved first and opened later), CVE-2021-41089 (chmod through
/// a link). No program of the container is run or loaded (CVE-2019-14271).
/// </remarks>
public sealed class ContainerView : IDisposable
{
    readonly LayerMount? mount;

    ContainerView(RootedDirectory root, LayerMount? mount)
    {
        Root = root;
        this.mount = mount;
    }

    /// <summary>The container's root.</summary>
    internal RootedDirectory Root { get; }

    /// <summary>The view of a running container: what its first process sees, volumes and all.</summary>
    /// <param name="pid">The container's first process.</param>
    /// <exception cref="LinuxException">The process has ended.</exception>
    public static ContainerView OfProcess(int pid) => new(RootedDirectory.Open($"/proc/{pid}/root", PathRule.InRoot), mount: null);

    /// <summary>The view of a container that does not run: its mounted layer, with its volumes and binds on it.</summary>
    /// <param name="layer">The mounted layer; taken over, and unmounted with the view.</param>
    /// <param name="mounts">The container's mounts; those without a source or whose place the layer does not have are left out.</param>
    /// <exception cref="LinuxException">Something cannot be mounted; nothing is left mounted then.</exception>
    public static ContainerView OfLayer(LayerMount layer, IReadOnlyList<MountPoint> mounts)
    {
        RootedDirectory? root = null;
        try
        {
            root = RootedDirectory.Open(layer.Target, PathRule.InRoot);
            foreach (MountPoint point in mounts.Where(point => point.Source.Length > 0).OrderBy(point => point.Destination, StringComparer.Ordinal))
                Bind(root, point);
            return new ContainerView(root, layer);
        }
        catch
        {
            root?.Dispose();
            layer.Dispose();
            throw;
        }
    }

    /// <summary>Closes the view and unmounts what was mounted for it.</summary>
    public void Dispose()
    {
        Root.Dispose();
        mount?.Dispose();
    }

    // By descriptor: between looking and mounting nobody can put a link in the place's place. It goes with the layer's
    // mount, on which it lies.
    static void Bind(RootedDirectory root, MountPoint point)
    {
        using var place = root.TryOpenFile(point.Destination, OpenFlags.Path);
        if (place is null || !Path.Exists(point.Source))
            return;
        Mount.Bind(point.Source, $"/proc/self/fd/{place.DangerousGetHandle()}", point.RW ? MountFlags.None : MountFlags.ReadOnly)
            .Attach().Release();
    }
}
