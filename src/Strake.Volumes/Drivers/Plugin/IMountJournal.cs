namespace Strake.Volumes;

/// <summary>What a driver has asked a plugin to mount, kept so that a kill of the engine forgets no mount and repeats none.</summary>
public interface IMountJournal
{
    /// <summary>The mounts of one volume.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    ValueTask<IReadOnlyList<MountUse>> OfAsync(VolumeName volume, CancellationToken cancellationToken);

    /// <summary>All mounts of all volumes.</summary>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    ValueTask<IReadOnlyList<MountUse>> AllAsync(CancellationToken cancellationToken);

    /// <summary>Writes a mount down, or over what was written under its id.</summary>
    /// <param name="use">The mount.</param>
    Task PutAsync(MountUse use);

    /// <summary>Forgets a mount that is over. One that is not there is forgotten already.</summary>
    /// <param name="use">The mount.</param>
    Task DeleteAsync(MountUse use);
}
