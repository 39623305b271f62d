using Strake.Kubernetes.Decisions.Access;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Scheduling;

/// <summary>Whether a pod gets the one node that there is, and if not, why: in the words that users of Kubernetes know, who will look them up.</summary>
public static class ScheduleDecisions
{
    static readonly ScheduleDecision s_nothing = new ScheduleDecision.Nothing();

    /// <summary>The decision for a pod.</summary>
    /// <param name="view">What is seen.</param>
    public static ScheduleDecision Decide(ScheduleView view) => view.Pod switch
    {
        // Observed: placed, ended, or on its way out.
        { IsScheduled: true } or { IsTerminated: true } or { Metadata.IsBeingDeleted: true } => s_nothing,

        // Observed: its maker holds it back.
        { SchedulingGates.Count: > 0 } => new ScheduleDecision.Wait(
            EventText.Warning("FailedScheduling", "Scheduling is blocked due to non-empty scheduling gates"), "SchedulingGated"),

        // Observed: waiting for a node, and there is none.
        _ when view.Node is null => Wait("no nodes available to schedule pods"),

        // Observed: waiting for a node, and a claim will not do on any.
        _ when ReasonAgainstClaims(view) is { } reason => Wait($"0/1 nodes are available: {reason}. {NoPreemption}"),

        // Observed: waiting for a node, claims in order.
        _ => DecideOn(view, view.Node!),
    };

    const string NoPreemption = "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
    const string NoVictims = "preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.";

    static ScheduleDecision DecideOn(ScheduleView view, NodeView node)
    {
        Claim[] claims = [.. view.Pod.Volumes.Select(volume => view.Claims[volume.ClaimName]).Distinct()];
        if (NodeFit.ReasonsAgainst(view, node) is { Count: > 0 } unfit) return Wait(unfit);
        if (claims.Any(claim => IsTakenByAnother(view, claim))) return Wait([ScheduleReason.OncePod]);

        ClaimPreparation preparation = ClaimPreparation.Of(view, node, claims);
        return preparation switch
        {
            // Observed: a claim cannot be had on the node.
            { Against: { Count: > 0 } against } => Wait(against),

            // Observed: volumes are to be reserved or made.
            _ when preparation.Reserved.Count + preparation.Released.Count > 0 => new ScheduleDecision.PrepareClaims(preparation.Reserved, preparation.Released),

            // Observed: they are being made.
            { IsUnderWay: true } => new ScheduleDecision.AwaitClaims(),

            // Observed: all is there.
            _ => new ScheduleDecision.Place(node.Name, EventText.Normal("Scheduled", $"Successfully assigned {view.Pod.Key} to {node.Name}")),
        };
    }

    static string? ReasonAgainstClaims(ScheduleView view)
    {
        foreach (PodVolume volume in view.Pod.Volumes)
            if (ReasonAgainst(volume, view) is { } reason) return reason;
        bool unbound = view.Pod.Volumes.Select(volume => view.Claims[volume.ClaimName])
            .Any(claim => !claim.IsBindCompleted && view.Classes.Of(claim) is not { BindingMode: BindingMode.WaitForFirstConsumer });
        return unbound ? "pod has unbound immediate PersistentVolumeClaims" : null;
    }

    static string? ReasonAgainst(PodVolume volume, ScheduleView view) => view.Claims.GetValueOrDefault(volume.ClaimName) switch
    {
        null when volume.IsEphemeral => $"waiting for ephemeral volume controller to create the persistentvolumeclaim \"{volume.ClaimName}\"",
        null => $"persistentvolumeclaim \"{volume.ClaimName}\" not found",
        { Phase: ClaimPhase.Lost } lost => $"persistentvolumeclaim \"{volume.ClaimName}\" bound to non-existent persistentvolume \"{lost.VolumeName}\"",
        { Metadata.IsBeingDeleted: true } => $"persistentvolumeclaim \"{volume.ClaimName}\" is being deleted",
        { } claim when volume.IsEphemeral && claim.Metadata.Controller?.Uid != view.Pod.Metadata.Uid =>
            $"PVC {claim.Key} was not created for pod {view.Pod.Key} (pod is not owner)",
        _ => null,
    };

    static bool IsTakenByAnother(ScheduleView view, Claim claim) => claim.AccessModes.Include(AccessModes.ReadWriteOncePod)
        && view.Neighbours.Any(neighbour => !neighbour.IsTerminated && neighbour.Key != view.Pod.Key && neighbour.VolumeOf(claim) is not null);

    static ScheduleDecision.Wait Wait(ValueList<ScheduleReason> reasons)
    {
        string told = string.Join(", ", reasons.Select(static reason => $"1 {reason.Text}").Order(StringComparer.Ordinal));
        return Wait($"0/1 nodes are available: {told}. {(reasons.All(static reason => reason.CouldBeFreed) ? NoVictims : NoPreemption)}");
    }

    static ScheduleDecision.Wait Wait(string message) => new(EventText.Warning("FailedScheduling", message), "Unschedulable");
}
