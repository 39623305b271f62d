using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Kubernetes.Pods.Volumes;

/// <summary>
/// Places inside volumes that containers mount: made where they are missing, never outside the volume, whatever links its content has. What is mounted in the end
/// is opened anew by who starts the container, by the same rule, and mounted by what was opened.
/// </summary>
static class SubPaths
{
    /// <summary>Sees to it that a place is there.</summary>
    /// <param name="volume">The volume's path.</param>
    /// <param name="subPath">A relative path, without <c>..</c>.</param>
    /// <param name="name">The volume's name, for messages.</param>
    /// <param name="container">The container's name, for messages.</param>
    /// <param name="readOnly">Whether nothing can be made in it.</param>
    /// <exception cref="ContainerFault">It is not there and cannot be made, or leads out; in Kubernetes' words.</exception>
    public static void Ensure(string volume, string subPath, string name, string container, bool readOnly)
    {
        try
        {
            using SafeFileHandle root = Syscall.Open(volume, OpenFlags.Path | OpenFlags.Directory);
            using SafeFileHandle? there = Syscall.TryOpenAt2(root, PathBytes.Encode(subPath), OpenFlags.Path, ResolveFlags.Beneath | ResolveFlags.NoMagicLinks);
            if (there is not null || readOnly) return;
            using var directory = RootedDirectory.Open(volume, PathRule.InRoot);
            // As the volume itself: what may be done in it may be done there.
            directory.CreateDirectories(subPath, Syscall.Stat(root).Mode & Permissions.Octal0777).Dispose();
        }
        catch (LinuxException e) when (e.Errno is Errno.EXDEV or Errno.ELOOP)
        {
            throw new ContainerFault(ContainerFault.Config, $"failed to prepare subPath for volumeMount \"{name}\" of container \"{container}\"");
        }
        catch (LinuxException)
        {
            throw new ContainerFault(ContainerFault.Config, $"failed to create subPath directory for volumeMount \"{name}\" of container \"{container}\"");
        }
    }
}
