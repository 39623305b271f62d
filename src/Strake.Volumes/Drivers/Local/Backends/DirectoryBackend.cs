using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>Volumes as directories of the file system that the data root lies on, without limits. A directory is always there, so mounting means looking whether it still is.</summary>
sealed class DirectoryBackend : IVolumeBackend
{
    /// <summary>Its name.</summary>
    public const string BackendName = "dir";

    /// <inheritdoc/>
    public string Name => BackendName;

    /// <inheritdoc/>
    public BackendTraits Traits { get; } = new(LimitsSize: false, LimitsInodes: false, Mounts: false, TellsLimits: false, CopiesOneMoment: false);

    /// <inheritdoc/>
    public string? Refusal(LocalOptions options) => options.Limits.Any ? "a plain directory has no limits" : null;

    /// <inheritdoc/>
    public Task CreateAsync(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        MakeContent(home);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task MountAsync(VolumeHome home, LocalFile file, VolumeLimits limits)
    {
        RequireContent(home);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task RemoveAsync(VolumeHome home, LocalFile file) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task ResizeAsync(VolumeHome home, LocalFile file, VolumeLimits limits) => throw StrakeException.NotSupported(
        "the volume is a plain directory, which has no size: make one with -o size=… and copy its content there");

    /// <inheritdoc/>
    public Task CopyAsync(VolumeHome source, VolumeHome target, LocalFile file, VolumeLimits limits, CancellationToken cancellationToken)
    {
        MakeContent(target);
        CopyContent(source, target, cancellationToken);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public long CopyCost(VolumeHome home, CancellationToken cancellationToken) => CostOfContent(home, cancellationToken);

    /// <inheritdoc/>
    public VolumeSpace? Measure(VolumeHome home, LocalFile file, VolumeLimits limits) => null;

    /// <summary>Copies the content of one directory into another that is there and empty; durable on return.</summary>
    public static void CopyContent(VolumeHome source, VolumeHome target, CancellationToken cancellationToken)
    {
        using SafeFileHandle from = Syscall.Open(source.Content, OpenFlags.Directory | OpenFlags.NoFollow);
        using SafeFileHandle to = Syscall.Open(target.Content, OpenFlags.Directory | OpenFlags.NoFollow);
        TreeCopy.Copy(from, to, cancellationToken);
        FaultPoint.Reach("volume.copy.written");
        Syscall.SyncFs(to);
    }

    /// <summary>What a copy of the content has to copy.</summary>
    public static long CostOfContent(VolumeHome home, CancellationToken cancellationToken) =>
        FileClone.IsPossibleIn(home.Directory) ? 0 : TreeUsage.Measure(home.Content, cancellationToken).AllocatedBytes;

    /// <summary>Makes the directory of the content, durable but for its name.</summary>
    public static void MakeContent(VolumeHome home)
    {
        using SafeFileHandle own = Syscall.Open(home.Directory, OpenFlags.Directory | OpenFlags.NoFollow);
        PlaceContent(own, home);
        Syscall.FSync(own);
    }

    /// <summary>Makes the directory of the content in that of its volume.</summary>
    public static void PlaceContent(SafeFileHandle own, VolumeHome home)
    {
        string name = Path.GetFileName(home.Content);
        // The process's umask takes bits from a mode that is asked for; a volume's users are to have it as it is.
        if (Syscall.TryMkdirAt(own, PathBytes.Encode(name), Permissions.Octal0755))
            Syscall.ChmodAt(own, name, Permissions.Octal0755);
    }

    /// <summary>Looks whether the content is still there.</summary>
    /// <exception cref="StrakeException">DataLoss: it is not.</exception>
    public static void RequireContent(VolumeHome home)
    {
        if (!Directory.Exists(home.Content))
            throw StrakeException.DataLoss($"mount volume {Path.GetFileName(home.Directory)}: its directory {home.Content} is gone; restore it, or remove the volume with docker volume rm -f {Path.GetFileName(home.Directory)}");
    }
}
