using Strake.Linux;

namespace Strake.Kubernetes.Pods;

/// <summary>File systems in memory that belong to pods.</summary>
static class MemoryMounts
{
    /// <summary>Mounts one where none is. May be repeated.</summary>
    /// <param name="path">The place, made if missing.</param>
    /// <param name="options">tmpfs's options (tmpfs(5)).</param>
    public static void Ensure(string path, string options)
    {
        Directory.CreateDirectory(path, Permissions.Octal0755);
        if (!MountTable.IsMountPoint(path)) Syscall.Mount("tmpfs", path, "tmpfs", MountFlags.NoSetUid | MountFlags.NoDevices, options);
    }
}
