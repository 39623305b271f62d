using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Protection;

/// <summary>Keeps claims while pods use them, and volumes while claims are bound to them.</summary>
/// <remarks>Kubernetes' <c>pkg/controller/volume/{pvc,pv}protection</c>.</remarks>
public static class ProtectionDecisions
{
    /// <summary>The decision for a claim.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="pods">All pods of its namespace, or those that name it.</param>
    public static ProtectionDecision Decide(Claim claim, IEnumerable<PodUse> pods) =>
        Decide(claim.Metadata, VolumeFinalizers.ClaimProtection, () => ReasonToKeep(claim, pods));

    /// <summary>The decision for a volume.</summary>
    /// <param name="volume">The volume.</param>
    public static ProtectionDecision Decide(PersistentVolume volume) =>
        Decide(volume.Metadata, VolumeFinalizers.VolumeProtection, () => volume.Phase is VolumePhase.Bound ? $"bound to claim {volume.ClaimReference?.Key}" : null);

    /// <summary>
    /// Whether a pod keeps a claim from going. One that was not given a node does not: it will not be started with a claim that goes. One that has ended does,
    /// until it is deleted, for its volumes may be mounted still.
    /// </summary>
    /// <param name="pod">The pod.</param>
    /// <param name="claim">The claim.</param>
    public static bool Uses(PodUse pod, Claim claim) => pod.IsScheduled && pod.VolumeOf(claim) is { } volume
        && (!volume.IsEphemeral || (!pod.IsShutDown && claim.Metadata.Controller?.Uid == pod.Metadata.Uid));

    static ProtectionDecision Decide(Metadata metadata, string finalizer, Func<string?> reasonToKeep)
    {
        bool isProtected = metadata.Finalizers.Contains(finalizer);
        return (metadata.IsBeingDeleted, isProtected) switch
        {
            // Observed: there to stay, not protected (made before there was protection, or a user took it away).
            (false, false) => new ProtectionDecision.Protect(metadata.Finalizers.With(finalizer)),

            // Observed: there to stay, protected.
            (false, true) => new ProtectionDecision.Nothing(),

            // Observed: on its way out, held by others or nobody.
            (true, false) => new ProtectionDecision.Nothing(),

            // Observed: on its way out, held by us.
            (true, true) => reasonToKeep() is { } reason ? new ProtectionDecision.Hold(reason) : new ProtectionDecision.LetGo(metadata.Finalizers.Without(finalizer)),
        };
    }

    static string? ReasonToKeep(Claim claim, IEnumerable<PodUse> pods)
    {
        string[] users = [.. pods.Where(pod => Uses(pod, claim)).Select(static pod => pod.Metadata.Name)];
        return users.Length > 0 ? $"used by {string.Join(", ", users)}" : null;
    }
}
