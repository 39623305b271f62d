using Strake.Images;
using Strake.Layers;
using Strake.Linux;

namespace Strake.Build;

/// <summary>
/// A build's own folder below the exec root, for what its steps mount and for secrets, which it keeps in memory alone. Gone with the build; what a
/// killed daemon leaves, the next one removes.
/// </summary>
sealed class BuildScratch : IDisposable
{
    readonly LayerStore layers;
    readonly string folder;
    int number;

    /// <summary>Makes it.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="parent">The folder of all builds.</param>
    public BuildScratch(LayerStore layers, string parent)
    {
        this.layers = layers;
        folder = Path.Combine(parent, Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)));
        Directory.CreateDirectory(folder, Permissions.Octal0700);
    }

    /// <summary>Opens the file system of a chain; it is mounted nowhere once this returns.</summary>
    /// <param name="chain">The chain; an open ingest holds it. Null: an empty one.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public async Task<ISourceTree> OpenAsync(ChainId? chain, CancellationToken cancellationToken)
    {
        if (chain is null) return new EmptyTree();
        return new MountedTree(await OpenRootAsync(chain, PathRule.Strict, cancellationToken));
    }

    /// <summary>As <see cref="OpenAsync"/>, as a directory.</summary>
    public async Task<RootedDirectory> OpenRootAsync(ChainId? chain, PathRule rule, CancellationToken cancellationToken)
    {
        if (chain is not { } known) return RootedDirectory.Open(NewFolder(), rule);
        using var mount = await layers.MountAsync(known, NewFolder(), cancellationToken);
        return RootedDirectory.Open(mount.Target, rule);
    }

    /// <summary>Mounts the file system of a chain for a program; read-only.</summary>
    public Task<LayerMount> MountAsync(ChainId chain, CancellationToken cancellationToken) => layers.MountAsync(chain, NewFolder(), cancellationToken);

    /// <summary>Mounts a writable layer for a program.</summary>
    public LayerMount Mount(WritableLayer layer) => layers.Mount(layer, LayerAccess.ReadWrite, NewFolder());

    /// <summary>A new empty folder.</summary>
    public string NewFolder()
    {
        var path = Path.Combine(folder, Interlocked.Increment(ref number).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Directory.CreateDirectory(path, Permissions.Octal0700);
        return path;
    }

    /// <summary>Removes what builds of a daemon that was killed have left.</summary>
    /// <param name="parent">The folder of all builds.</param>
    public static void RemoveAll(string parent)
    {
        if (!Directory.Exists(parent)) return;
        foreach (var mount in MountTable.Read().Select(static mount => mount.MountPoint).Where(point => point.StartsWith(parent + "/", StringComparison.Ordinal)).Reverse())
            Syscall.TryUnmount(mount, UnmountFlags.Detach | UnmountFlags.NoFollow);
        TreeRemoval.Remove(parent);
    }

    /// <inheritdoc/>
    public void Dispose() => TreeRemoval.Remove(folder);
}
