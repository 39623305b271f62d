using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;
using Quantity = Strake.Kubernetes.Objects.Quantity;

namespace Strake.Kubernetes.Decisions.Scheduling;

/// <summary>What becomes of a pod's claims if it gets the node: which are bound to volumes that the node reaches, and what the others would get.</summary>
sealed class ClaimPreparation
{
    readonly List<PersistentVolume> reserved = [];
    readonly List<Claim> released = [];
    readonly List<ScheduleReason> against = [];
    readonly HashSet<string> taken = new(StringComparer.Ordinal);

    ClaimPreparation()
    {
    }

    /// <summary>Volumes as they are when they are reserved.</summary>
    public ValueList<PersistentVolume> Reserved => [.. reserved];

    /// <summary>Claims as they are when volumes may be made for them.</summary>
    public ValueList<Claim> Released => [.. released];

    /// <summary>What speaks against the node; empty when nothing does.</summary>
    public ValueList<ScheduleReason> Against => [.. against.Distinct()];

    /// <summary>Whether a claim waits for what was begun for it already.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Looks at all claims of a pod.</summary>
    public static ClaimPreparation Of(ScheduleView view, NodeView node, IEnumerable<Claim> claims)
    {
        var preparation = new ClaimPreparation();

        // The largest last: a smaller one must not take the only volume that a larger one fits.
        foreach (Claim claim in claims.OrderBy(static claim => claim.Request)) preparation.Add(view, node, claim);
        return preparation;
    }

    void Add(ScheduleView view, NodeView node, Claim claim)
    {
        PersistentVolume? volume = view.Volumes.Find(claim.VolumeName);
        switch (claim)
        {
            // Observed: bound, volume gone.
            case { IsBindCompleted: true } when volume is null:
                against.Add(ScheduleReason.VolumeMissing);
                break;

            // Observed: bound to a volume that the node cannot reach.
            case { IsBindCompleted: true } when volume!.NodeAffinity?.Matches(node) is false:
                against.Add(ScheduleReason.VolumeAffinity);
                break;

            // Observed: bound.
            case { IsBindCompleted: true }:
                break;

            // Observed: waits for a consumer, and a volume fits.
            case var _ when view.Volumes.Best(new VolumeSearch(claim) { Node = node, Taken = taken }) is { } best:
                Reserve(claim, best);
                break;

            // Observed: waits for a consumer; one may be made.
            case var _ when ReasonAgainstMaking(view, node, claim) is { } reason:
                against.Add(reason);
                break;
            default:
                Release(claim, node);
                break;
        }
    }

    void Reserve(Claim claim, PersistentVolume volume)
    {
        taken.Add(volume.Name);
        if (volume.IsFor(claim)) IsUnderWay = true;
        else reserved.Add(Marked(volume) with { ClaimReference = ClaimReference.To(claim) });
    }

    static PersistentVolume Marked(PersistentVolume volume) =>
        volume with { Metadata = volume.Metadata.WithAnnotation(VolumeAnnotations.BoundByController, VolumeAnnotations.Yes) };

    void Release(Claim claim, NodeView node)
    {
        if (claim.Metadata.Annotations.Find(VolumeAnnotations.SelectedNode) == node.Name) IsUnderWay = true;
        else released.Add(claim with { Metadata = claim.Metadata.WithAnnotation(VolumeAnnotations.SelectedNode, node.Name) });
    }

    static ScheduleReason? ReasonAgainstMaking(ScheduleView view, NodeView node, Claim claim) => view.Classes.Of(claim) switch
    {
        null => ScheduleReason.NoVolume,
        { } made when Provisioner.Of(made.Provisioner) is Provisioner.Nobody => ScheduleReason.NoVolume,
        { } made when made.AllowedTopologies.Count > 0 && !made.AllowedTopologies.Any(term => term.Matches(node)) => ScheduleReason.NoVolume,
        { } made when view.FreeSpace.TryGetValue(made.Name, out Quantity free) && free < claim.Request => ScheduleReason.NoSpace,
        _ => null,
    };
}
