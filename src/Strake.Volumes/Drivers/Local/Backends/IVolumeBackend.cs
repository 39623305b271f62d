namespace Strake.Volumes;

/// <summary>
/// Keeps the content of local volumes within their limits. The driver makes a volume's directory and its file of options before, and removes
/// what is left of it after; it takes off what is mounted, and makes one call at a time for a volume.
/// </summary>
/// <remarks>
/// Laws, checked by the one behaviour suite that every backend passes:
/// <list type="number">
/// <item>Every call is idempotent: repeated after a kill at any point, it ends as if it had run once, and loses nothing that was written.</item>
/// <item>After <see cref="MountAsync"/> the content is a directory that can be written; what is written is there at the next mount.</item>
/// <item>A write that would go beyond a limit is refused by the kernel, inside containers too: with ENOSPC where <see cref="BackendTraits.TellsLimits"/>.</item>
/// </list>
/// <example>
/// <code>
/// if (backend.Refusal(options) is null)
/// {
///     await backend.CreateAsync(home, file, limits);
///     await backend.MountAsync(home, file, limits);
///     …
///     await backend.RemoveAsync(home, file);
/// }
/// </code>
/// </example>
/// </remarks>
interface IVolumeBackend
{
    /// <summary>The name that users choose it by.</summary>
    string Name { get; }

    /// <summary>What it is able to do.</summary>
    BackendTraits Traits { get; }

    /// <summary>Why it cannot keep such a volume here; null: it can. Looks at the host once, and remembers.</summary>
    /// <param name="options">What the volume shall be.</param>
    string? Refusal(LocalOptions options);

    /// <summary>
    /// Gives the file of what shall be made what no other volume's has, such as a number or a dataset. Changes nothing: the file is written
    /// before <see cref="CreateAsync"/> or <see cref="CopyAsync"/> makes what it names.
    /// </summary>
    /// <param name="file">A new volume's file, or the copied volume's.</param>
    /// <param name="isSnapshot">Whether it is a snapshot's, whose content does not count against a size.</param>
    LocalFile Distinguish(LocalFile file, bool isSnapshot) => file;

    /// <summary>Makes the content, empty, and durable on return.</summary>
    /// <param name="home">The volume; its directory is there, and durable as soon as the driver says so.</param>
    /// <param name="file">What the volume's file says.</param>
    /// <param name="limits">Its limits.</param>
    /// <exception cref="StrakeException">Exhausted: no space or no inodes left.</exception>
    Task CreateAsync(VolumeHome home, LocalFile file, VolumeLimits limits);

    /// <summary>Makes the content available; one that is mounted stays as it is.</summary>
    /// <exception cref="StrakeException">DataLoss: the content is gone; names the path.</exception>
    Task MountAsync(VolumeHome home, LocalFile file, VolumeLimits limits);

    /// <summary>Lets go of what served a content that was just unmounted. Idempotent.</summary>
    /// <param name="home">The volume.</param>
    void Release(VolumeHome home)
    {
        // Nothing but the mount does for most.
    }

    /// <summary>Lets go of what the backend holds beside the files, which the driver removes afterwards.</summary>
    /// <param name="home">The volume, which has been renamed; not mounted.</param>
    /// <param name="file">What its file says.</param>
    Task RemoveAsync(VolumeHome home, LocalFile file);

    /// <summary>Sets new limits, mounted or not.</summary>
    /// <param name="home">The volume.</param>
    /// <param name="file">What its file says, the new limits included.</param>
    /// <param name="limits">The new limits.</param>
    /// <exception cref="StrakeException">InUse: it can shrink only while nobody has it. Exhausted: it holds more than that.</exception>
    Task ResizeAsync(VolumeHome home, LocalFile file, VolumeLimits limits);

    /// <summary>
    /// Copies a volume's content, or a snapshot's, into a home that has none; durable on return. Of one moment where
    /// <see cref="BackendTraits.CopiesOneMoment"/>. What a failure leaves, the caller removes.
    /// </summary>
    /// <param name="source">Where from; mounted or not.</param>
    /// <param name="target">Where to; its directory and its file are there.</param>
    /// <param name="file">What the target's file says.</param>
    /// <param name="limits">The target's limits.</param>
    /// <param name="cancellationToken">Stops the copy.</param>
    Task CopyAsync(VolumeHome source, VolumeHome target, LocalFile file, VolumeLimits limits, CancellationToken cancellationToken);

    /// <summary>How many bytes a copy has to copy; 0 where all is shared. Walks where only that tells.</summary>
    long CopyCost(VolumeHome home, CancellationToken cancellationToken);

    /// <summary>How much is in it, without walking where that can be known; null: only by walking.</summary>
    VolumeSpace? Measure(VolumeHome home, LocalFile file, VolumeLimits limits);
}
