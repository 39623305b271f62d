namespace Strake.Volumes;

/// <summary>A driver that can keep copies of its volumes: snapshots, which are gone with their volume, and clones, which are volumes.</summary>
/// <remarks>
/// Laws, besides those of <see cref="IVolumeDriver"/>:
/// <list type="number">
/// <item>A snapshot is there whole or not at all, and so is a clone; a volume that is rolled back has all of its old content or all of the new.</item>
/// <item>After a kill in any of the calls, <see cref="SettleAsync"/> ends it one way or the other, and leaves nothing behind.</item>
/// <item>What is written to a volume after a copy was made is not in the copy, and the other way round.</item>
/// </list>
/// <example>
/// <code>
/// await driver.SnapshotAsync(name, before, ct);
/// …
/// await driver.RollBackAsync(name, before, ct);
/// await driver.CloneAsync(name, before, copy, options: null, ct);
/// </code>
/// </example>
/// </remarks>
public interface ICopyingVolumeDriver : IVolumeDriver
{
    /// <summary>What a copy of a volume takes. Walks the volume where only that tells.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    /// <exception cref="StrakeException">NotSupported: a volume of this kind cannot be copied; says why.</exception>
    Task<VolumeCopyCost> CopyCostAsync(VolumeName name, CancellationToken cancellationToken);

    /// <summary>Whether a copy of a volume is of one moment while somebody writes to it; else nobody may. Cheap.</summary>
    /// <param name="name">The volume.</param>
    /// <exception cref="StrakeException">NotSupported: a volume of this kind cannot be copied; says why.</exception>
    bool CopiesOneMoment(VolumeName name);

    /// <summary>Holds all writes to a volume until what is returned is disposed, also while copies of it are made; null where that cannot be.</summary>
    /// <param name="name">The volume.</param>
    IDisposable? Freeze(VolumeName name) => null;

    /// <summary>A volume's snapshots, the oldest first.</summary>
    /// <param name="name">The volume.</param>
    IReadOnlyList<VolumeSnapshot> SnapshotsOf(VolumeName name);

    /// <summary>Makes a snapshot, durable on return. Where copies are not of one moment, nobody may write meanwhile.</summary>
    /// <param name="name">The volume, mounted or not.</param>
    /// <param name="snapshot">A name that no snapshot of it has.</param>
    /// <param name="cancellationToken">Honoured until the snapshot is whole.</param>
    /// <exception cref="StrakeException">NotSupported. Exhausted: no space or no inodes left.</exception>
    Task SnapshotAsync(VolumeName name, SnapshotName snapshot, CancellationToken cancellationToken);

    /// <summary>Removes a snapshot; one that is not there is removed already.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    Task RemoveSnapshotAsync(VolumeName name, SnapshotName snapshot, CancellationToken cancellationToken);

    /// <summary>Gives a volume the content and the options that it had; the snapshot stays.</summary>
    /// <param name="name">A volume that nothing mounts.</param>
    /// <param name="snapshot">One of its snapshots.</param>
    /// <param name="cancellationToken">Honoured until the volume has its old content.</param>
    /// <exception cref="StrakeException">NotSupported. Exhausted: no space or no inodes left; the volume is as it was.</exception>
    Task RollBackAsync(VolumeName name, SnapshotName snapshot, CancellationToken cancellationToken);

    /// <summary>Makes a volume with another's content, durable on return.</summary>
    /// <param name="source">The volume, mounted or not; as in <see cref="SnapshotAsync"/>, nobody may write where copies are not of one moment.</param>
    /// <param name="snapshot">Which of its snapshots; null: as it is.</param>
    /// <param name="target">The new volume; where it is there already, it is left as it is.</param>
    /// <param name="options">Its options; null: those of the other.</param>
    /// <param name="cancellationToken">Honoured until the clone is whole.</param>
    /// <exception cref="StrakeException">NotSupported: also of other options, where a clone is what its original is. Exhausted: no space or no inodes left.</exception>
    Task CloneAsync(VolumeName source, SnapshotName? snapshot, VolumeName target, IReadOnlyDictionary<string, string>? options, CancellationToken cancellationToken);

    /// <summary>Gives a volume another name, durable on return. Repeated after a kill, it finds the volume under either.</summary>
    /// <param name="from">A volume that nothing mounts.</param>
    /// <param name="to">A name that no volume has.</param>
    Task RenameAsync(VolumeName from, VolumeName to);

    /// <summary>Ends what a kill has cut short: half a copy is removed, and a rollback of which the copy was whole is finished. Idempotent.</summary>
    /// <param name="name">The volume.</param>
    Task SettleAsync(VolumeName name);
}
