using Strake.Containers.Mounts;
using Strake.Containers.Spec;
using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>Makes a container's working directory where it is missing, in the root file system or in the volume that it lies in.</summary>
static class WorkingDirectories
{
    /// <summary>Makes the directory.</summary>
    /// <param name="root">The root file system.</param>
    /// <param name="container">The container; sources of its volumes are known.</param>
    /// <param name="staged">Its staged mounts.</param>
    /// <exception cref="StrakeException">Invalid: it leads into /proc, or cannot be a directory.</exception>
    public static void Ensure(RootedDirectory root, Container container, StagedMounts staged)
    {
        string directory = SpecBuilder.WorkingDirectoryOf(container.Config);
        if (directory == "/")
            return;
        RootRules.CheckWorkingDirectory(root, directory);
        try
        {
            MountPoint? mount = container.Mounts.LastOrDefault(mount => ContainerPath.IsAtOrBelow(directory, mount.Destination));
            if (mount is null || container.Host.ReadonlyRootfs is false)
                root.CreateDirectories(directory, Permissions.Octal0755).Dispose();
            if (mount is { RW: true, Type: not MountRules.Tmpfs } && directory.Length > mount.Destination.Length)
            {
                using RootedDirectory volume = staged.TryOpenDirectory(mount.Destination) ?? RootedDirectory.Open(mount.Source, PathRule.InRoot);
                volume.CreateDirectories(directory[mount.Destination.Length..], Permissions.Octal0755).Dispose();
            }
        }
        catch (LinuxException e)
        {
            throw StrakeException.Invalid($"cannot mkdir {directory} in container {container.Id}: {e.Message}", e);
        }
    }
}
