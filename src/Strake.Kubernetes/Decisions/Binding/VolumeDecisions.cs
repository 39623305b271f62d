using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Binding;

/// <summary>
/// What is to be done for a volume, from what is seen of it and its claim; and what follows from the outcome of deleting and emptying. Decided anew whenever
/// one of them changes.
/// </summary>
/// <remarks>The states and the words are those of Kubernetes' <c>pkg/controller/volume/persistentvolume</c>.</remarks>
public static class VolumeDecisions
{
    static readonly VolumeDecision s_nothing = new VolumeDecision.Nothing();

    /// <summary>The decision for a volume.</summary>
    /// <param name="view">What is seen.</param>
    public static VolumeDecision Decide(VolumeView view)
    {
        PersistentVolume volume = view.Volume;
        Claim? claim = view.Claim is { } named && named.Metadata.Uid == volume.ClaimReference?.Uid ? named : null;
        return volume.ClaimReference switch
        {
            // Observed: volume unused.
            null => Mark(volume, VolumePhase.Available),

            // Observed: volume reserved for a claim that is not bound to it yet; that is the claim's to do.
            { Uid.Length: 0 } => Mark(volume, VolumePhase.Available),

            // Observed: volume bound, claim gone; one of the same name is another one.
            _ when claim is null => Reclaim(view),

            // Observed: volume bound, claim not, and it never will be.
            _ when claim.VolumeName.Length == 0 && claim.VolumeMode != volume.VolumeMode => Refuse(volume, claim),

            // Observed: volume bound, claim not (yet): provisioned just now, or a crash came between, or a user took it out.
            _ when claim.VolumeName.Length == 0 => new VolumeDecision.WakeClaim(claim.Key),

            // Observed: both bound to each other.
            _ when claim.VolumeName == volume.Name => Mark(volume, VolumePhase.Bound),

            // Observed: volume made for the claim, claim bound elsewhere: nobody needs it.
            _ when volume.Provisioner is not null && volume.ReclaimPolicy is ReclaimPolicy.Delete => Reclaim(view),

            // Observed: volume bound, claim bound elsewhere.
            _ => new VolumeDecision.Unbind(Unbound(volume)),
        };
    }

    /// <summary>What follows when the storage could not be deleted. The deletion is tried again.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="message">What the driver said.</param>
    /// <param name="inUse">Whether it only takes longer, because somebody uses the storage still.</param>
    public static VolumeDecision DeleteFailed(PersistentVolume volume, string message, bool inUse = false) => inUse
        ? new VolumeDecision.Hold(EventText.Normal("VolumeDelete", message))
        : Fail(volume, "VolumeFailedDelete", message);

    /// <summary>What follows when the volume could not be emptied. The emptying is tried again.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="message">What went wrong.</param>
    public static VolumeDecision RecycleFailed(PersistentVolume volume, string message) => Fail(volume, "VolumeFailedRecycle", $"Recycle failed: {message}");

    /// <summary>What follows when nobody knows how to empty such a volume.</summary>
    /// <param name="volume">The volume.</param>
    public static VolumeDecision RecycleImpossible(PersistentVolume volume) => Fail(volume, "VolumeFailedRecycle", "No recycler plugin found for the volume!");

    /// <summary>What follows when the volume was emptied: it is on offer again.</summary>
    /// <param name="volume">The volume.</param>
    public static VolumeDecision Recycled(PersistentVolume volume) =>
        new VolumeDecision.Unbind(Unbound(volume), EventText.Normal("VolumeRecycled", "Volume recycled"));

    static VolumeDecision Reclaim(VolumeView view)
    {
        PersistentVolume volume = view.Volume;
        return volume switch
        {
            // Observed: released just now. What failed before stays Failed, so that users see that something is wrong, and is tried again.
            { Phase: not (VolumePhase.Released or VolumePhase.Failed) } => Mark(volume, VolumePhase.Released),

            // Observed: released, to be kept: an operator decides.
            { ReclaimPolicy: ReclaimPolicy.Retain } => s_nothing,

            // Observed: released, to be deleted.
            { ReclaimPolicy: ReclaimPolicy.Delete } => new VolumeDecision.Delete(),

            // Observed: released, to be emptied, and pods have it mounted still.
            { ReclaimPolicy: ReclaimPolicy.Recycle } when view.Users.Count > 0 => new VolumeDecision.Hold(
                EventText.Normal("VolumeFailedRecycle", $"Volume is used by pods: {string.Join(',', view.Users.Select(static pod => pod.Key))}")),

            // Observed: released, to be emptied.
            { ReclaimPolicy: ReclaimPolicy.Recycle } => new VolumeDecision.Recycle(),

            // Observed: released, and what is to become of it is a word that nobody knows.
            { ReclaimPolicy: ReclaimPolicy.Unknown } => Fail(volume, "VolumeUnknownReclaimPolicy", "Volume has unrecognized PersistentVolumeReclaimPolicy"),

            _ => throw new InvalidOperationException($"no reclaim policy of a volume: {volume.ReclaimPolicy}"),
        };
    }

    static VolumeDecision Mark(PersistentVolume volume, VolumePhase phase) =>
        volume.Phase == phase ? s_nothing : new VolumeDecision.Mark(volume with { Phase = phase, Message = "" });

    // The event is sent once for a state, the message kept up to date.
    static VolumeDecision Fail(PersistentVolume volume, string reason, string message) => volume is { Phase: VolumePhase.Failed } && volume.Message == message
        ? s_nothing
        : new VolumeDecision.Mark(volume with { Phase = VolumePhase.Failed, Message = message }, EventText.Warning(reason, message));

    static VolumeDecision Refuse(PersistentVolume volume, Claim claim) => new VolumeDecision.Refuse(
        claim.Key,
        EventText.Warning("VolumeMismatch", $"Cannot bind PersistentVolume to requested PersistentVolumeClaim \"{claim.Metadata.Name}\" due to incompatible volumeMode."),
        ClaimEvents.ModeMismatch(volume.Name));

    // What the controller bound is free, what a user reserved stays reserved.
    static PersistentVolume Unbound(PersistentVolume volume) => volume with
    {
        ClaimReference = volume.IsBoundByController ? null : volume.ClaimReference! with { Uid = "" },
        Metadata = volume.Metadata.WithoutAnnotation(VolumeAnnotations.BoundByController),
        Phase = VolumePhase.Available,
        Message = "",
    };
}
