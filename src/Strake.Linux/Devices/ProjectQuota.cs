using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>
/// Limits of what a directory tree may take, on file systems with project quota (xfs, ext4 with the project feature, mounted with <c>prjquota</c>):
/// a directory has a project number, which what is made in it inherits, and the number has a limit.
/// </summary>
public static class ProjectQuota
{
    const int MostTries = 100;

    /// <summary>The project number of a file or directory (FS_IOC_FSGETXATTR); 0 for none.</summary>
    /// <exception cref="LinuxException">The call failed; ENOTTY or EOPNOTSUPP where the file system has none.</exception>
    public static uint GetProject(SafeFileHandle file) => Syscall.GetInodeFlags(file).ProjectId;

    /// <summary>Sets the project number of a directory, and that what is made in it inherits the number (FS_IOC_FSSETXATTR). What is in it already keeps its own.</summary>
    /// <exception cref="LinuxException">The call failed; ENOTTY or EOPNOTSUPP where the file system has none.</exception>
    public static void SetProject(SafeFileHandle directory, uint project)
    {
        const uint inherit = 0x200; // FS_XFLAG_PROJINHERIT
        var flags = Syscall.GetInodeFlags(directory);
        flags.ProjectId = project;
        flags.Flags |= inherit;
        Syscall.SetInodeFlags(directory, flags);
    }

    /// <summary>Sets how much a project may take.</summary>
    /// <param name="file">Any file or directory of the file system.</param>
    /// <param name="project">The project; not 0.</param>
    /// <param name="limitBytes">The hard limit, rounded up to 512; 0 for none.</param>
    /// <param name="limitInodes">The hard limit of inodes; 0 for none.</param>
    /// <exception cref="LinuxException">The call failed; ENOTTY, ENOSYS or ESRCH where the file system is mounted without project quota.</exception>
    public static void SetLimit(SafeFileHandle file, uint project, long limitBytes, long limitInodes = 0) =>
        Syscall.SetProjectLimit(file, project, limitBytes, limitInodes);

    /// <summary>A project that nothing on the file system has.</summary>
    /// <param name="file">Any file or directory of the file system.</param>
    /// <param name="first">The first number that comes into question.</param>
    /// <param name="end">The number after the last one.</param>
    /// <remarks>By chance among many: that two daemons take the same one at once is less likely than a bad disk.</remarks>
    /// <exception cref="LinuxException">EDQUOT: none was found. Otherwise: the file system does not count.</exception>
    public static uint FindFree(SafeFileHandle file, uint first, uint end)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var project = first + (uint)RandomNumberGenerator.GetInt32((int)(end - first));
            if (IsFree(file, project))
                return project;
        }

        throw new LinuxException(Errno.EDQUOT, "quotactl_fd", Syscall.PathOf(file), "no project number is free");
    }

    /// <summary>What a project takes and may take.</summary>
    /// <exception cref="LinuxException">The call failed; ENOENT or ESRCH where the project has nothing, or there is no project quota.</exception>
    public static ProjectUsage Measure(SafeFileHandle file, uint project) => Syscall.GetProjectUsage(file, project);

    static bool IsFree(SafeFileHandle file, uint project)
    {
        try
        {
            return Measure(file, project).UsedInodes == 0;
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ESRCH)
        {
            return true;
        }
    }
}
