using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>
/// Volumes as directories whose files are counted by project quota: xfs, and ext4 with the project feature, mounted with <c>prjquota</c>.
/// Nothing is mounted, and limits change at once.
/// </summary>
/// <param name="root">The folder of all volumes.</param>
sealed class QuotaBackend(string root) : IVolumeBackend
{
    // Numbers below are left to administrators, who write them in /etc/projects; from the end on they are layers'.
    const uint FirstProject = 1 << 20;
    const uint EndOfProjects = 1 << 24;
    const uint NoProject = 0;

    string? refusal;
    bool probed;

    /// <inheritdoc/>
    public string Name => "quota";

    /// <inheritdoc/>
    public BackendTraits Traits { get; } = new(LimitsSize: true, LimitsInodes: true, Mounts: false, TellsLimits: true, CopiesOneMoment: false);

    /// <inheritdoc/>
    public string? Refusal(LocalOptions options)
    {
        if (!probed)
        {
            refusal = Probe();
            probed = true;
        }

        return refusal;
    }

    /// <inheritdoc/>
    /// <remarks>The number is one that nothing on the file system has: there may be volumes of another root on it.</remarks>
    public LocalFile Distinguish(LocalFile file, bool isSnapshot)
    {
        using SafeFileHandle home = Syscall.Open(root, OpenFlags.Directory);
        return file with { Project = isSnapshot ? NoProject : ProjectQuota.FindFree(home, FirstProject, EndOfProjects) };
    }

    /// <inheritdoc/>
    public Task CreateAsync(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        DirectoryBackend.MakeContent(home);
        Apply(home, file, limits);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task MountAsync(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        DirectoryBackend.RequireContent(home);
        // Again: where quota was off for a while, or the volume came from another machine, the limit would be a mere wish.
        Apply(home, file, limits);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task RemoveAsync(VolumeHome home, LocalFile file)
    {
        if (file.Project == NoProject)
            return Task.CompletedTask;
        using SafeFileHandle directory = Syscall.Open(home.Directory, OpenFlags.Directory);
        ProjectQuota.SetLimit(directory, file.Project, limitBytes: 0);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ResizeAsync(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        if (Measure(home, file, limits) is { } space && space.UsedBytes > limits.SizeBytes)
            throw StrakeException.Exhausted($"the volume holds {space.UsedBytes} bytes, which is more than {limits.SizeBytes}");
        Apply(home, file, limits);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task CopyAsync(VolumeHome source, VolumeHome target, LocalFile file, VolumeLimits limits, CancellationToken cancellationToken)
    {
        DirectoryBackend.MakeContent(target);
        // Before anything is in it: what is made in it then is counted. A snapshot is not.
        if (file.Project != NoProject)
            Apply(target, file, limits);
        DirectoryBackend.CopyContent(source, target, cancellationToken);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public long CopyCost(VolumeHome home, CancellationToken cancellationToken) => DirectoryBackend.CostOfContent(home, cancellationToken);

    /// <inheritdoc/>
    public VolumeSpace? Measure(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        using SafeFileHandle directory = Syscall.Open(home.Content, OpenFlags.Directory);
        ProjectUsage usage = ProjectQuota.Measure(directory, file.Project);
        return new VolumeSpace(usage.UsedBytes, limits.SizeBytes, usage.UsedInodes, limits.Inodes, Name);
    }

    static void Apply(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        using SafeFileHandle content = Syscall.Open(home.Content, OpenFlags.Directory);
        ProjectQuota.SetLimit(content, file.Project, limits.SizeBytes ?? 0, limits.Inodes ?? 0);
        ProjectQuota.SetProject(content, file.Project);
    }

    // To ask for what a project takes says whether the kernel counts; that none has the number yet is as good an answer.
    string? Probe()
    {
        try
        {
            using SafeFileHandle home = Syscall.Open(root, OpenFlags.Directory);
            ProjectQuota.GetProject(home);
            ProjectQuota.SetLimit(home, FirstProject - 1, limitBytes: 0);
            return null;
        }
        catch (LinuxException e)
        {
            return $"the file system of {root} has no project quota ({e.Errno}); mount it with prjquota";
        }
    }
}
