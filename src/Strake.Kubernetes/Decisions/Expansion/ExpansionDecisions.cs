using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Expansion;

/// <summary>How a claim grows: first its volume, by the driver, then the file system, by the node that has it mounted.</summary>
/// <remarks>
/// <code>
/// request > volume      → Resizing, ControllerResizeInProgress → the driver grows the volume
/// volume ≥ request > claim → FileSystemResizePending, NodeResizePending → the node grows the file system
/// claim ≥ request       → conditions gone
/// </code>
/// The words are those of Kubernetes' external-resizer and kubelet.
/// </remarks>
public static class ExpansionDecisions
{
    const string VolumeInProgress = "ControllerResizeInProgress";
    const string VolumeInfeasible = "ControllerResizeInfeasible";
    const string NodePending = "NodeResizePending";

    static readonly ExpansionDecision s_nothing = new ExpansionDecision.Nothing();

    /// <summary>The decision for a claim.</summary>
    /// <param name="view">What is seen.</param>
    public static ExpansionDecision Decide(ExpansionView view)
    {
        (Claim claim, PersistentVolume? volume) = view;
        return claim switch
        {
            // Observed: no volume to grow.
            { Phase: not ClaimPhase.Bound } or { Capacity: null } => s_nothing,
            _ when volume is null || !volume.IsFor(claim) => s_nothing,

            // Observed: large enough; traces of a growth may be left, or of one that was taken back.
            _ when claim.Request <= claim.Capacity => Settled(claim) is var settled && settled == claim ? s_nothing : new ExpansionDecision.Mark(settled, null),

            // Observed: too small, and nobody can grow it.
            _ when !view.HasResizer => new ExpansionDecision.Wait(
                "the driver is not there", EventText.Normal("ExternalExpanding", "waiting for an external controller to expand this PVC")),

            // Observed: volume too small, not written down yet that it grows.
            _ when volume.Capacity < claim.Request && (claim.ResizeStatus is not VolumeInProgress || claim.AllocatedSize != claim.Request) =>
                new ExpansionDecision.Mark(Begun(claim), EventText.Normal("Resizing", $"External resizer is resizing volume {volume.Name}")),

            // Observed: volume too small, growth under way, perhaps before a crash.
            _ when volume.Capacity < claim.Request => new ExpansionDecision.GrowVolume(claim.Request),

            // Observed: volume large enough, users not told yet that the file system follows.
            _ when claim.ResizeStatus is not NodePending => NodeTurn(claim),

            // Observed: volume large enough, and the node can grow the file system.
            _ when view.IsMounted => new ExpansionDecision.GrowFileSystem(volume.Capacity),

            // Observed: volume large enough, not mounted: the next user's mount grows it.
            _ => new ExpansionDecision.Wait("the file system grows when a pod uses the claim", null),
        };
    }

    /// <summary>What the claim and the volume are when the driver has grown the volume. Both are written at once, or the volume first.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="volume">The volume as it was.</param>
    /// <param name="grown">How large it is, and whether the node has to grow a file system on it.</param>
    public static (BindingPair Pair, EventText Event) VolumeGrown(Claim claim, PersistentVolume volume, GrownVolume grown)
    {
        PersistentVolume after = volume with { Capacity = grown.Size };
        return grown.NodeFollows && claim.VolumeMode is VolumeMode.Filesystem
            ? (new BindingPair(Pending(claim), after), NodeTurnEvent)
            : (new BindingPair(Settled(claim with { Capacity = grown.Size }), after), EventText.Normal("VolumeResizeSuccessful", "Resize volume succeeded"));
    }

    /// <summary>What the claim is when the file system has grown.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="volume">The volume.</param>
    public static ExpansionDecision FileSystemGrown(Claim claim, PersistentVolume volume) => new ExpansionDecision.Mark(
        Settled(claim with { Capacity = volume.Capacity }),
        EventText.Normal("FileSystemResizeSuccessful", $"MountVolume.NodeExpandVolume succeeded for volume \"{volume.Name}\""));

    /// <summary>What the claim is when the driver could not grow the volume.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="volume">The volume.</param>
    /// <param name="message">What the driver said.</param>
    /// <param name="isFinal">Whether another try is of no use: users may ask for less then.</param>
    public static ExpansionDecision GrowFailed(Claim claim, PersistentVolume volume, string message, bool isFinal) => new ExpansionDecision.Mark(
        claim with
        {
            ResizeStatus = isFinal ? VolumeInfeasible : claim.ResizeStatus,
            Conditions = Without(claim, ClaimCondition.ControllerResizeError).With(new ClaimCondition(ClaimCondition.ControllerResizeError, message)),
        },
        EventText.Warning("VolumeResizeFailed", $"resize volume \"{volume.Name}\" by resizer \"{volume.Source.Driver}\" failed: {message}"));

    static EventText NodeTurnEvent { get; } = EventText.Normal("FileSystemResizeRequired", "Require file system resize of volume on node");

    static ExpansionDecision NodeTurn(Claim claim) => claim.VolumeMode is VolumeMode.Block
        ? new ExpansionDecision.Mark(Settled(claim with { Capacity = claim.Request }), null)
        : new ExpansionDecision.Mark(Pending(claim), NodeTurnEvent);

    static Claim Begun(Claim claim) => claim with
    {
        AllocatedSize = claim.Request,
        ResizeStatus = VolumeInProgress,
        Conditions = Without(claim, ClaimCondition.Resizing).With(new ClaimCondition(ClaimCondition.Resizing)),
    };

    static Claim Pending(Claim claim) => claim with
    {
        AllocatedSize = claim.Request,
        ResizeStatus = NodePending,
        Conditions = Without(claim, ClaimCondition.Resizing, ClaimCondition.FileSystemResizePending, ClaimCondition.ControllerResizeError)
            .With(new ClaimCondition(ClaimCondition.FileSystemResizePending, "Waiting for user to (re-)start a pod to finish file system resize of volume on node.")),
    };

    static Claim Settled(Claim claim) => claim with
    {
        AllocatedSize = claim.AllocatedSize is null ? null : claim.Capacity,
        ResizeStatus = "",
        Conditions = Without(
            claim, ClaimCondition.Resizing, ClaimCondition.FileSystemResizePending, ClaimCondition.ControllerResizeError, ClaimCondition.NodeResizeError),
    };

    static ValueList<ClaimCondition> Without(Claim claim, params string[] types) => [.. claim.Conditions.Where(condition => !types.Contains(condition.Type))];
}
