using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>
/// How a node's pods get the volumes of their claims, whoever has the storage. Every use is written down before it begins and until it has ended, in the same
/// ledger as those of Docker's containers: what one may not have beside the other is refused here.
/// </summary>
/// <remarks>
/// Laws: a call repeated after a crash at any point ends as if it had run once. A pod has a volume once, however many of its own volumes name the claim: mounting it
/// again says the same path, and one release ends it. What is mounted stays mounted when the daemon goes, and is found by the next.
/// </remarks>
/// <example>
/// <code>
/// await mounts.ReconcileAsync(podsOnThisNode, ct);     // once, after a start
/// ClaimMount mount = await mounts.MountAsync(volume, new VolumeUse(pod.Uid, pod.Key) { ReadOnly = true }, ct);
/// …                                                    // bind mount.Path into the containers
/// await mounts.ReleaseAsync(volume, use, ct);          // when none of them runs any more
/// </code>
/// </example>
public interface IClaimMounts
{
    /// <summary>Makes a volume available to a pod; attaches and stages it where its driver wants that.</summary>
    /// <param name="volume">A volume that is bound to the pod's claim.</param>
    /// <param name="use">Who, and how.</param>
    /// <param name="cancellationToken">Cancels the wait; what was begun is ended by <see cref="ReleaseAsync"/>.</param>
    /// <exception cref="StrakeException">
    /// InUse: its access mode does not let the pod have it beside those who have it. NotFound: its storage, or its driver, is not there. Others: it could not be
    /// mounted. The message is for users.
    /// </exception>
    ValueTask<ClaimMount> MountAsync(PersistentVolume volume, VolumeUse use, CancellationToken cancellationToken);

    /// <summary>Ends a pod's use of a volume; of one that it does not have, nothing.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="use">Who had it.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="StrakeException">Of any kind: it is mounted still.</exception>
    ValueTask ReleaseAsync(PersistentVolume volume, VolumeUse use, CancellationToken cancellationToken);

    /// <summary>Ends the uses of pods that are no more: once, after a start, before the first mount.</summary>
    /// <param name="pods">The uids of all pods of this node.</param>
    /// <param name="cancellationToken">Honoured between two volumes.</param>
    /// <returns>What could not be ended, a sentence each.</returns>
    ValueTask<IReadOnlyList<string>> ReconcileAsync(IReadOnlySet<string> pods, CancellationToken cancellationToken);
}
