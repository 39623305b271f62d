namespace Strake.Volumes;

/// <summary>
/// A driver that need not go to the disk at each call: a new volume is made whole at its first use, and removed ones are gone for good after
/// one sync for all of them. The records say meanwhile what there shall be: see <see cref="VolumeStore"/>.
/// </summary>
/// <remarks>
/// Laws, besides those of <see cref="IVolumeDriver"/>:
/// <list type="number">
/// <item>After <see cref="Place"/> and a power cut there is all of what it made, some, or nothing; repeated, it ends as if it had run once.</item>
/// <item><see cref="IVolumeDriver.CreateAsync"/> makes a volume of what was placed, and loses nothing that was written there.</item>
/// <item>After <see cref="TakeAwayAsync"/> and a power cut the volume is there whole, in part, or not at all; repeated, it is removed.</item>
/// </list>
/// <example>
/// <code>
/// if (driver.CanDefer(options))
///     driver.Place(name, options);                         // for whoever looks for its directory
/// …
/// await driver.CreateAsync(name, options, ct);             // before the first mount
/// …
/// await driver.TakeAwayAsync(one, ct);
/// await driver.TakeAwayAsync(other, ct);
/// driver.SyncRemovals();                                   // now neither comes back
/// </code>
/// </example>
/// </remarks>
public interface IDeferringVolumeDriver : IVolumeDriver
{
    /// <summary>Whether a new volume can wait for its first use: nothing that could refuse it is left to find out then.</summary>
    /// <param name="options">Options that <see cref="IVolumeDriver.Validate"/> accepted.</param>
    bool CanDefer(IReadOnlyDictionary<string, string> options);

    /// <summary>Makes what shows of a volume that nobody uses. Waits for no disk.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="options">Options that can be deferred.</param>
    /// <exception cref="StrakeException">Exhausted: no space or no inodes left.</exception>
    void Place(VolumeName name, IReadOnlyDictionary<string, string> options);

    /// <summary>As <see cref="IVolumeDriver.RemoveAsync"/>, but a power cut may bring back what was removed since the last <see cref="SyncRemovals"/>.</summary>
    /// <param name="name">A volume that nothing mounts.</param>
    /// <param name="cancellationToken">Honoured before the first effect; afterwards the removal finishes.</param>
    /// <exception cref="StrakeException">InUse: a mount lies below the content; names it.</exception>
    Task TakeAwayAsync(VolumeName name, CancellationToken cancellationToken);

    /// <summary>Makes durable that what was taken away is gone.</summary>
    void SyncRemovals();
}
