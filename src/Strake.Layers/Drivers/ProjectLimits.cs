using Strake.Linux;

namespace Strake.Layers;

/// <summary>
/// Size limits by project quota (xfs; ext4 with the project feature; both mounted with <c>prjquota</c>): each limited layer's directories get a
/// project number of their own. The number lies in the directories alone, so there is nothing to be forgotten with a layer.
/// </summary>
static class ProjectLimits
{
    // People number their own projects from 1 on (/etc/projid), and so does Docker.
    const uint First = 1u << 24;
    const uint Last = int.MaxValue;

    /// <summary>Whether the file system counts by projects.</summary>
    /// <param name="directory">A directory on it that is ours.</param>
    public static bool Work(string directory)
    {
        try
        {
            using var handle = Syscall.Open(directory, OpenFlags.Directory);
            // A number that nobody has: setting its limit to none changes nothing and is refused where nothing counts.
            ProjectQuota.SetLimit(handle, Last, 0);
            return true;
        }
        catch (LinuxException)
        {
            return false;
        }
    }

    /// <summary>Bounds what is made in directories from now on, together.</summary>
    /// <param name="directories">Empty directories of one layer. All of them: a rename between two projects is refused (EXDEV).</param>
    /// <param name="limitBytes">The most; bytes on disk.</param>
    /// <exception cref="LinuxException">The file system does not count.</exception>
    public static void Set(IReadOnlyList<string> directories, long limitBytes)
    {
        using var first = Syscall.Open(directories[0], OpenFlags.Directory);
        var project = ProjectQuota.GetProject(first) is var own and >= First ? own : ProjectQuota.FindFree(first, First, Last);
        ProjectQuota.SetLimit(first, project, limitBytes);
        FaultPoint.Reach("driver.limit.set");
        foreach (var path in directories)
        {
            using var directory = Syscall.Open(path, OpenFlags.Directory);
            ProjectQuota.SetProject(directory, project);
            FaultPoint.Reach("driver.limit.joined");
        }
    }
}
