using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Scheduling;

/// <summary>What is to be done for a pod that has no node: exactly one of these.</summary>
public abstract record ScheduleDecision
{
    private ScheduleDecision()
    {
    }

    /// <summary>It has a node, or has ended, or goes.</summary>
    public sealed record Nothing : ScheduleDecision;

    /// <summary>Its claims are ready; it gets the node.</summary>
    /// <param name="Node">The node's name.</param>
    /// <param name="Event">What users are told.</param>
    public sealed record Place(string Node, EventText Event) : ScheduleDecision;

    /// <summary>It fits; what waited for it is to be bound and made first. Then it is decided anew.</summary>
    /// <param name="Reserved">Volumes as they are when they are reserved for claims of the pod.</param>
    /// <param name="Released">Claims as they are when a volume may be made for them on the node.</param>
    public sealed record PrepareClaims(ValueList<PersistentVolume> Reserved, ValueList<Claim> Released) : ScheduleDecision;

    /// <summary>It fits, and its claims are not ready yet. Users are told nothing: it will not take long.</summary>
    public sealed record AwaitClaims : ScheduleDecision;

    /// <summary>It cannot be placed now.</summary>
    /// <param name="Event">What users are told; its message is the condition's too.</param>
    /// <param name="Condition">The reason of the condition PodScheduled: Unschedulable or SchedulingGated.</param>
    public sealed record Wait(EventText Event, string Condition) : ScheduleDecision;
}
