using Strake.Linux;

namespace Strake.Layers;

/// <summary>
/// Where layers that are file systems of their own are mounted: for those who look at a layer's content, and for the moment that a container's mount is
/// made of it.
/// </summary>
/// <remarks>
/// <code>
/// &lt;data-root&gt;/&lt;driver&gt;/&lt;id&gt;/
///   mnt/                      mounted when somebody asks for the content first, until the layer is sealed or goes or the daemon stops
///   at/                       mounted while a container's mount is being made
/// </code>
/// </remarks>
/// <param name="folders">The driver's folders.</param>
/// <param name="mountOf">The mount of a layer's file system at a directory.</param>
/// <param name="activate">Makes a layer ready to be mounted; null: it always is.</param>
/// <param name="tree">The directory of the file system that is the layer's root; empty: its own root.</param>
sealed class OwnFileSystems(LayerFolders folders, Func<LayerId, string, Mount> mountOf, Func<LayerId, IDisposable>? activate = null, string tree = "")
{
    readonly Lock mounting = new();

    /// <summary>Makes a layer's directories; those that are there are fine.</summary>
    public void Make(LayerId id)
    {
        foreach (var folder in (ReadOnlySpan<string>)[Place(id), Scaffold(id)])
            Syscall.TryMkdirAt(Syscall.WorkingDirectory, PathBytes.Encode(folder), Permissions.Octal0700);
    }

    /// <summary>Where a layer's file system is, or will be, mounted to be looked at.</summary>
    public string Place(LayerId id) => Path.Combine(folders[id], "mnt");

    /// <summary>Where its root is then.</summary>
    public string Tree(LayerId id) => Path.Combine(Place(id), tree);

    /// <summary>Mounts a layer to be looked at, unless it is already.</summary>
    /// <returns>Its root.</returns>
    public string Open(LayerId id)
    {
        lock (mounting)
        {
            if (!MountTable.IsMountPoint(Place(id)))
            {
                using var active = activate?.Invoke(id);
                mountOf(id, Place(id)).Attach().Release();
            }
        }

        return Tree(id);
    }

    /// <summary>Writes what was written to layers to disk, and takes them off where they were looked at.</summary>
    /// <exception cref="LinuxException">The disk did not take it all.</exception>
    public void Close(LayerId id)
    {
        lock (mounting)
        {
            if (!MountTable.IsMountPoint(Place(id))) return;
            using (var root = Syscall.Open(Place(id), OpenFlags.Directory)) Syscall.SyncFs(root);
            Syscall.TryUnmount(Place(id), UnmountFlags.Detach | UnmountFlags.NoFollow);
        }
    }

    /// <summary>What shows a layer at a directory: its file system as scaffolding, and its root bound.</summary>
    public IReadOnlyList<Mount> Show(LayerId id, LayerAccess access, string target) =>
    [
        mountOf(id, Scaffold(id)),
        Mount.Bind(Path.Combine(Scaffold(id), tree), target, access == LayerAccess.ReadOnly ? MountFlags.ReadOnly : MountFlags.None),
    ];

    /// <summary>Takes off what is mounted in a layer's folder.</summary>
    /// <param name="folder">The folder, under whatever name it has now.</param>
    public static void Release(string folder)
    {
        foreach (var name in (ReadOnlySpan<string>)["mnt", "at"])
        {
            while (Syscall.TryUnmount(Path.Combine(folder, name), UnmountFlags.Detach | UnmountFlags.NoFollow))
            {
            }
        }
    }

    /// <summary>Takes off all that is mounted in the driver's directory, also what a crash left. Containers need none of it.</summary>
    public void CloseAll()
    {
        foreach (var mount in MountTable.Below(folders.Home).Reverse()) Syscall.TryUnmount(mount.MountPoint, UnmountFlags.Detach);
    }

    string Scaffold(LayerId id) => Path.Combine(folders[id], "at");
}
