using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Access;

/// <summary>The one ledger's rule: who may have a volume beside those who have it, be they pods or containers.</summary>
public static class AccessDecisions
{
    /// <summary>The decision for somebody who wants a volume.</summary>
    /// <param name="modes">The modes that the claim was granted; for a volume that is no claim, ReadWriteMany.</param>
    /// <param name="holders">Who has it now.</param>
    /// <param name="wants">Who wants it. Asking again is as asking once.</param>
    public static AccessDecision Decide(AccessModes modes, IEnumerable<VolumeHolder> holders, VolumeHolder wants)
    {
        VolumeHolder[] others = [.. holders.Where(holder => holder.Name != wants.Name)];
        return modes switch
        {
            // Observed: for one pod, and another has it. A container counts as a pod does.
            _ when modes.Include(AccessModes.ReadWriteOncePod) && others is [var holder, ..] =>
                new AccessDecision.Refuse($"volume uses the ReadWriteOncePod access mode and is already in use by {(holder.Name.StartsWith("pod ", StringComparison.Ordinal) ? "another pod" : holder.Name)}"),

            // Observed: for many nodes to write.
            _ when modes.Include(AccessModes.ReadWriteMany) => new AccessDecision.Allow(),

            // Observed: for one node, and another has it.
            _ when IsForOneNode(modes) && others.Any(holder => holder.Node != wants.Node) =>
                new AccessDecision.Refuse("Volume is already exclusively attached to one node and can't be attached to another"),

            // Observed: for one node, which is this one.
            _ when IsForOneNode(modes) => new AccessDecision.Allow(),

            // Observed: for reading.
            AccessModes.ReadOnlyMany => wants.ReadOnly ? new AccessDecision.Allow() : new AccessDecision.AllowReading(),

            // Observed: no mode was granted: the claim is not bound.
            _ => new AccessDecision.Refuse("the claim is not bound"),
        };
    }

    /// <summary>Whether a volume of some modes can be on one node only.</summary>
    /// <param name="modes">The modes.</param>
    public static bool IsForOneNode(AccessModes modes) =>
        (modes & (AccessModes.ReadWriteOnce | AccessModes.ReadWriteOncePod)) is not AccessModes.None && (modes & (AccessModes.ReadWriteMany | AccessModes.ReadOnlyMany)) is AccessModes.None;
}
