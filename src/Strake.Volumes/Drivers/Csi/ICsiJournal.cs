namespace Strake.Volumes;

/// <summary>What CSI drivers were asked for, kept so that a kill of the engine forgets no volume and makes none twice.</summary>
public interface ICsiJournal
{
    /// <summary>All volumes of all drivers.</summary>
    /// <param name="unreadable">Called for each that cannot be read: its key, and why.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    ValueTask<IReadOnlyList<CsiVolume>> AllAsync(Action<string, StrakeException> unreadable, CancellationToken cancellationToken);

    /// <summary>Writes volumes down, all at once or none.</summary>
    /// <param name="volumes">The volumes.</param>
    /// <param name="mustSurvivePowerCut">Whether this returns only when they are on disk: so for what is made elsewhere.</param>
    Task PutAsync(IReadOnlyList<CsiVolume> volumes, bool mustSurvivePowerCut);

    /// <summary>Forgets a volume that its driver has no more. One that is not there is forgotten already.</summary>
    /// <param name="volume">The volume.</param>
    Task DeleteAsync(CsiVolume volume);
}
