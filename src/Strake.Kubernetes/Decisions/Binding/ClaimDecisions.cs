using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Binding;

/// <summary>
/// What is to be done for a claim, from what is seen of it, its volume and its class. Decided anew whenever one of them changes, it leads from any state,
/// also from one that a crash left between two writes, to one in which nothing is to be done.
/// </summary>
/// <remarks>The states and the words are those of Kubernetes' <c>pkg/controller/volume/persistentvolume</c>.</remarks>
public static class ClaimDecisions
{
    static readonly ClaimDecision s_nothing = new ClaimDecision.Nothing();

    /// <summary>The decision for a claim.</summary>
    /// <param name="view">What is seen.</param>
    public static ClaimDecision Decide(ClaimView view) => view.Claim switch
    {
        // Observed: a volume was being made for it, perhaps before a crash, and it goes, or gets another.
        { IsBeingProvisioned: true } when IsInVain(view) => Abandon(view),

        // Observed: the binding was finished once; what is not as it was then is repaired or lost.
        { IsBindCompleted: true } => DecideCompleted(view),

        // Observed: on its way out without a volume. Whoever uses it does not start any more, so it needs none.
        { Metadata.IsBeingDeleted: true } => s_nothing,

        // Observed: one volume and no other is asked for.
        { VolumeName.Length: > 0 } => DecideNamed(view),

        // Observed: any volume will do.
        _ => DecideAny(view),
    };

    static bool IsInVain(ClaimView view)
    {
        Claim claim = view.Claim;
        string own = ProvisionedVolume.NameFor(claim);
        return claim.Metadata.IsBeingDeleted
            || (claim.VolumeName.Length > 0 && claim.VolumeName != own)
            || view.Volumes.For(claim.Key).Any(volume => volume.Name != own && volume.IsFor(claim) && VolumeMatch.SuitsOwner(claim, volume));
    }

    static ClaimDecision.Abandon Abandon(ClaimView view)
    {
        string own = ProvisionedVolume.NameFor(view.Claim);
        return new ClaimDecision.Abandon(
            view.Claim with { Metadata = view.Claim.Metadata.WithoutFinalizer(VolumeFinalizers.Provisioning) },
            view.Volumes.Find(own) is null ? own : null);
    }

    static ClaimDecision DecideCompleted(ClaimView view)
    {
        Claim claim = view.Claim;
        PersistentVolume? volume = view.Volumes.Find(claim.VolumeName);
        return volume switch
        {
            // Observed: bound once, and a user took the volume's name out.
            null when claim.VolumeName.Length == 0 => Lose(claim, ClaimEvents.LostReference),

            // Observed: bound, and the volume is gone.
            null => Lose(claim, ClaimEvents.LostVolume),

            // Observed: bound, and the volume knows nothing of it (any more, or yet).
            { ClaimReference: null } => Bind(claim, volume),

            // Observed: bound on both sides, perhaps but for a phase.
            _ when volume.IsFor(claim) => Bind(claim, volume),

            // Observed: bound, and the volume is another claim's.
            _ => Lose(claim, ClaimEvents.Misbound),
        };
    }

    static ClaimDecision DecideNamed(ClaimView view)
    {
        Claim claim = view.Claim;
        PersistentVolume? volume = view.Volumes.Find(claim.VolumeName);
        return volume switch
        {
            // Observed: claim pending, volume missing. It may come.
            null => Wait(claim, $"volume \"{claim.VolumeName}\" does not exist"),

            // Observed: claim pending, volume free.
            { ClaimReference: null } => VolumeMatch.ReasonAgainstNamed(claim, volume) is { } reason
                ? Wait(claim, ClaimEvents.Mismatch(volume.Name, reason))
                : Bind(claim, volume),

            // Observed: claim pending, volume reserved for it, or bound already: the rest is to be done.
            _ when volume.IsFor(claim) => Bind(claim, volume),

            // Observed: claim pending, volume another's.
            _ => Wait(claim, ClaimEvents.Taken(volume.Name)),
        };
    }

    static ClaimDecision DecideAny(ClaimView view)
    {
        Claim claim = view.Claim;
        bool delayed = view.Classes.Of(claim) is { BindingMode: BindingMode.WaitForFirstConsumer };

        // What is being made for it is not left behind for a volume that comes along meanwhile.
        return view.Volumes.Best(new VolumeSearch(claim) { ReservedOnly = delayed || claim.IsBeingProvisioned }) switch
        {
            // Observed: claim pending, volume available.
            { } volume => Bind(claim, volume),

            // Observed: claim pending, no volume fits, no class named, and there is a default now.
            null when claim.ClassName is null && view.Classes.Default is { } byDefault => new ClaimDecision.AssignClass(claim with { ClassName = byDefault.Name }),

            // Observed: claim pending, its class waits for a consumer, and no consumer was scheduled.
            null when delayed && !claim.Metadata.Has(VolumeAnnotations.SelectedNode) => Wait(claim, Consumers(view)),

            // Observed: claim pending, no volume fits, but one may be made.
            null when claim.EffectiveClass.Length > 0 => ProvisionerChoice.Decide(view),

            // Observed: claim pending, no volume fits, and nobody is to make one.
            null => Wait(claim, ClaimEvents.NoVolume),
        };
    }

    static EventText Consumers(ClaimView view)
    {
        string[] waiting = [.. view.Consumers.Where(static pod => !pod.IsTerminated && !pod.IsScheduled).Select(static pod => pod.Metadata.Name)];
        return waiting.Length > 0 ? ClaimEvents.PodsNotScheduled(waiting) : ClaimEvents.NoConsumer;
    }

    static ClaimDecision Bind(Claim claim, PersistentVolume volume) =>
        BindingPair.Of(claim, volume) is var pair && pair.Claim == claim && pair.Volume == volume ? s_nothing : new ClaimDecision.Bind(pair);

    static ClaimDecision Lose(Claim claim, EventText why) =>
        claim.Phase is ClaimPhase.Lost ? s_nothing : new ClaimDecision.Lose(Without(claim, ClaimPhase.Lost), why);

    internal static ClaimDecision Wait(Claim claim, EventText why) => new ClaimDecision.Wait(Without(claim, ClaimPhase.Pending), why.Message, why);

    static ClaimDecision Wait(Claim claim, string reason) => new ClaimDecision.Wait(Without(claim, ClaimPhase.Pending), reason, null);

    static Claim Without(Claim claim, ClaimPhase phase) => claim with { Phase = phase, Capacity = null, GrantedModes = AccessModes.None };
}
