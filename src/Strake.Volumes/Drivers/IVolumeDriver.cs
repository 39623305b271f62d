namespace Strake.Volumes;

/// <summary>
/// Makes and mounts volumes. A driver knows where content lies; names, labels, users and the order of things are the
/// <see cref="VolumeStore"/>'s.
/// </summary>
/// <remarks>
/// Laws, checked by the one behaviour suite that every driver passes:
/// <list type="number">
/// <item>Every call is idempotent by name: repeated after a crash at any point, it ends as if it had run once.</item>
/// <item>The store never makes two calls for one name at once; calls for different names may run at once.</item>
/// <item>What is written to a mounted volume is there at the next mount, until <see cref="RemoveAsync"/>.</item>
/// </list>
/// <example>
/// <code>
/// driver.Validate(options);
/// await driver.CreateAsync(name, options, ct);
/// string path = await driver.MountAsync(name, holder, ct);
/// …
/// await driver.UnmountAsync(name, holder, ct);
/// await driver.RemoveAsync(name, ct);
/// </code>
/// </example>
/// </remarks>
public interface IVolumeDriver
{
    /// <summary>The name that users choose it by.</summary>
    string Name { get; }

    /// <summary><c>local</c>: the volume is this machine's; <c>global</c>: the name means the same volume everywhere.</summary>
    string Scope { get; }

    /// <summary>Checks options without touching anything.</summary>
    /// <param name="options">What the user wrote.</param>
    /// <exception cref="StrakeException">Invalid or NotSupported: names the option.</exception>
    void Validate(IReadOnlyDictionary<string, string> options);

    /// <summary>Makes an empty volume that survives a power cut once the task has completed.</summary>
    /// <param name="name">The new volume.</param>
    /// <param name="options">Options that <see cref="Validate"/> accepted.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    /// <exception cref="StrakeException">Exhausted: no space or no inodes left.</exception>
    Task CreateAsync(VolumeName name, IReadOnlyDictionary<string, string> options, CancellationToken cancellationToken);

    /// <summary>Where the volume's content is, or will be once it is mounted. Pure.</summary>
    /// <param name="name">A volume of this driver.</param>
    /// <returns>An absolute path of the host; empty where only mounting tells.</returns>
    string PathOf(VolumeName name);

    /// <summary>
    /// Where a copy for the volume is made before it is moved in: a place, and the same with <c>.whole</c> behind it, on the mount of
    /// <see cref="PathOf"/> while the volume is mounted; where that is possible, one that the volume's users do not see.
    /// <see cref="RemoveAsync"/> removes what is there.
    /// </summary>
    /// <param name="name">A volume of this driver.</param>
    /// <returns>An absolute path of the host; its parent exists while the volume is mounted.</returns>
    string StagingOf(VolumeName name);

    /// <summary>Makes the content available at <see cref="PathOf"/>.</summary>
    /// <param name="name">A volume of this driver.</param>
    /// <param name="holder">Who will use it; each holder mounts and unmounts for itself.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    /// <returns>The path of the content.</returns>
    /// <exception cref="StrakeException">DataLoss: the content is gone; names the path.</exception>
    Task<string> MountAsync(VolumeName name, string holder, CancellationToken cancellationToken);

    /// <summary>Ends one holder's use of the mount. A holder that has none is done already.</summary>
    /// <param name="name">A volume of this driver.</param>
    /// <param name="holder">Who used it.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    Task UnmountAsync(VolumeName name, string holder, CancellationToken cancellationToken);

    /// <summary>Removes the volume and its content. A volume that does not exist is removed already.</summary>
    /// <param name="name">A volume that nothing mounts.</param>
    /// <param name="cancellationToken">Honoured before the first effect; afterwards the removal finishes.</param>
    /// <exception cref="StrakeException">InUse: a mount lies below the content; names it.</exception>
    Task RemoveAsync(VolumeName name, CancellationToken cancellationToken);

    /// <summary>What a volume's files occupy. Walks the volume.</summary>
    /// <param name="name">A volume of this driver.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    /// <returns>Sum of the lengths of its regular files in bytes, hard links counted once; -1 where the driver cannot know.</returns>
    Task<long> MeasureAsync(VolumeName name, CancellationToken cancellationToken);

    /// <summary>As <see cref="MeasureAsync"/>, for many volumes.</summary>
    /// <param name="names">Volumes of this driver.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    /// <returns>What each holds, in their order; null: it is not there any more.</returns>
    async Task<long?[]> MeasureAllAsync(IReadOnlyList<VolumeName> names, CancellationToken cancellationToken)
    {
        long?[] measured = new long?[names.Count];
        for (int index = 0; index < measured.Length; index++)
        {
            try
            {
                measured[index] = await MeasureAsync(names[index], cancellationToken);
            }
            catch (StrakeException gone) when (gone.Kind is ErrorKind.NotFound)
            {
                // Removed meanwhile.
            }
        }

        return measured;
    }

    /// <summary>How much a volume holds and may hold, without walking it; null where only walking tells.</summary>
    /// <param name="name">A volume of this driver.</param>
    /// <param name="cancellationToken">Cancels the question.</param>
    Task<VolumeSpace?> SpaceAsync(VolumeName name, CancellationToken cancellationToken) => Task.FromResult<VolumeSpace?>(null);

    /// <summary>Gives a volume another size, mounted or not.</summary>
    /// <param name="name">A volume of this driver.</param>
    /// <param name="size">The size as the user wrote it.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    /// <exception cref="StrakeException">
    /// NotSupported: the volume has no size. Invalid: the size is none. InUse: it can shrink only while nobody has it. Exhausted: it holds
    /// more than that, or the disk has not enough.
    /// </exception>
    Task ResizeAsync(VolumeName name, string size, CancellationToken cancellationToken) =>
        throw StrakeException.NotSupported($"the driver {Name} cannot resize volumes");

    /// <summary>What the volume was asked to be, as far as its storage knows; for volumes whose record is lost.</summary>
    /// <param name="name">A volume of this driver.</param>
    IReadOnlyDictionary<string, string> OptionsOf(VolumeName name) => new Dictionary<string, string>();

    /// <summary>
    /// Whether files of an image can be copied into the volume: not where its content is a device, or where nobody may write.
    /// </summary>
    /// <param name="name">A volume of this driver.</param>
    bool TakesFiles(VolumeName name) => true;

    /// <summary>
    /// Whether the volume is mounted, as the host sees it; null where there is nothing to be seen, for a volume of this kind is always there.
    /// </summary>
    /// <param name="name">A volume of this driver.</param>
    bool? IsMounted(VolumeName name) => null;

    /// <summary>
    /// After a restart: tells who has a volume mounted by the ledger. What is mounted for nobody is unmounted; what is not mounted is so for
    /// nobody.
    /// </summary>
    /// <param name="name">A volume of this driver.</param>
    /// <param name="holders">Its holders.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    /// <returns>Whether it is mounted for them.</returns>
    Task<bool> ResumeAsync(VolumeName name, IReadOnlyCollection<string> holders, CancellationToken cancellationToken) =>
        Task.FromResult(holders.Count > 0);

    /// <summary>The names of all volumes that the driver finds in its storage, whole or half there.</summary>
    IReadOnlyList<string> List();
}
