using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>Checks paths of a container against what its image makes of them by links.</summary>
static class RootRules
{
    /// <summary>
    /// Refuses a mount that a link of the image leads into /proc, where it would hide the kernel's files from the process's
    /// own confinement (CVE-2019-16884). Not all runtimes check this.
    /// </summary>
    /// <exception cref="StrakeException">Invalid: names both paths.</exception>
    public static void CheckMountTarget(RootedDirectory root, string destination)
    {
        string resolved = RootPath.Resolve(root, destination);
        if (resolved != Mounts.ContainerPath.Clean(destination) && Mounts.ContainerPath.IsAtOrBelow(resolved, "/proc"))
            throw StrakeException.Invalid($"\"{destination}\" leads to \"{resolved}\" in the image and cannot be mounted because it is inside /proc");
    }

    /// <summary>Refuses a working directory that a link of the image leads into /proc (CVE-2024-21626).</summary>
    /// <exception cref="StrakeException">Invalid: names the directory.</exception>
    public static void CheckWorkingDirectory(RootedDirectory root, string directory) =>
        Lifecycle.ConfigMerge.CheckDirectory(RootPath.Resolve(root, directory));
}
