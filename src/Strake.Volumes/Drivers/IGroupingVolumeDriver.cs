namespace Strake.Volumes;

/// <summary>A driver that can make snapshots of several volumes, all of one moment.</summary>
public interface IGroupingVolumeDriver : ICopyingVolumeDriver
{
    /// <summary>Makes a snapshot of each volume, durable on return.</summary>
    /// <param name="names">The volumes, mounted or not.</param>
    /// <param name="snapshot">A name that no snapshot of one of them has.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    /// <exception cref="StrakeException">NotSupported. Exhausted: no space left.</exception>
    Task SnapshotGroupAsync(IReadOnlyList<VolumeName> names, SnapshotName snapshot, CancellationToken cancellationToken);
}
