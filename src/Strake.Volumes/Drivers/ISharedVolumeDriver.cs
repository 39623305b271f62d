namespace Strake.Volumes;

/// <summary>
/// A driver whose volumes have a life outside of this engine: another engine may make, use and remove them under the same names. What it
/// has is asked, not remembered; what a creation left half done is not removed, for it may be somebody else's.
/// </summary>
/// <remarks>A driver that is reached over a wire may hang. Nothing here waits longer than its documentation says.</remarks>
public interface ISharedVolumeDriver : IDistantVolumeDriver
{
    /// <summary>What the driver says of one of its volumes; null when it has none of that name.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="cancellationToken">Gives the question up.</param>
    /// <exception cref="StrakeException">NotFound: no such driver. Internal: it cannot be asked; names it.</exception>
    Task<SharedVolume?> FindAsync(VolumeName name, CancellationToken cancellationToken);

    /// <summary>As <see cref="FindAsync"/>, for questions that others wait behind: after a second, or at once where the driver already owes
    /// an answer, it counts as having no such volume.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="cancellationToken">Gives the question up.</param>
    Task<SharedVolume?> FindSoonAsync(VolumeName name, CancellationToken cancellationToken);

    /// <summary>All of its volumes, after at most a second: what it said last where it does not answer by then.</summary>
    /// <param name="cancellationToken">Gives the question up.</param>
    Task<SharedListing> ListSoonAsync(CancellationToken cancellationToken);

    /// <summary>Ends mounts that a run of the engine which was killed has left: those of no holder that there is, and those half made.</summary>
    /// <param name="holders">All holders that there are.</param>
    /// <param name="cancellationToken">Honoured between two mounts.</param>
    Task SettleAsync(IReadOnlySet<string> holders, CancellationToken cancellationToken);
}
