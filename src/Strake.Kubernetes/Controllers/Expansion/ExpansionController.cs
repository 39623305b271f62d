using Strake.Kubernetes.Controllers.Binding;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Decisions.Expansion;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Expansion;

/// <summary>
/// Does what is decided for claims that ask for more than they have: has their volumes grown, and gives them the attributes class that they ask for. What a crash leaves
/// undone is decided anew at the next start.
/// </summary>
/// <param name="store">The objects.</param>
/// <param name="grower">Who changes volumes.</param>
/// <param name="events">Who tells users.</param>
/// <param name="time">The clock.</param>
public sealed class ExpansionController(IObjectStore store, IVolumeGrower grower, IEventRecorder events, TimeProvider time)
{
    readonly ObjectFollower follower = new(store, [ObjectId.Claims, ObjectId.Volumes, ObjectId.Pods, ObjectId.AttributesClasses], time);

    /// <summary>Works until it is cancelled; returns when the steps under way have ended.</summary>
    /// <param name="failed">Told of each step that failed and will be tried again; must not throw.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task RunAsync(Action<ObjectId, Exception> failed, CancellationToken cancellationToken) =>
        follower.RunAsync(ConcernedAsync, StepAsync, failed, cancellationToken);

    // Of thousands of claims few ever grow: the others cost no step.
    async ValueTask<IEnumerable<ObjectId>> ConcernedAsync(ObjectChange change, CancellationToken cancellationToken) => change switch
    {
        { After: null } => [],
        { Id.Resource: ObjectId.Claims } => IsUnsettled(Claim.Read(change.After.Document)) ? [change.Id] : [],
        { Id.Resource: ObjectId.AttributesClasses } => Unsettled(await follower.AllAsync(ObjectId.Claims, cancellationToken)),
        { Id.Resource: ObjectId.Volumes } => PersistentVolume.Read(change.After.Document).ClaimReference is { Uid.Length: > 0 } claim
            ? await UnsettledAsync([claim.Key], cancellationToken)
            : [],
        _ => PodUse.Read(change.After.Document) is { Phase: PodPhase.Running } pod
            ? await UnsettledAsync(pod.Volumes.Select(volume => new ObjectKey(pod.Metadata.Namespace, volume.ClaimName)), cancellationToken)
            : [],
    };

    async ValueTask<IEnumerable<ObjectId>> UnsettledAsync(IEnumerable<ObjectKey> claims, CancellationToken cancellationToken)
    {
        List<StoredObject> found = [];
        foreach (ObjectKey claim in claims)
            if (await follower.FindAsync(ObjectId.Claim(claim), cancellationToken) is { } stored) found.Add(stored);
        return Unsettled(found);
    }

    static IEnumerable<ObjectId> Unsettled(IEnumerable<StoredObject> claims) =>
        [.. claims.Where(static item => IsUnsettled(Claim.Read(item.Document))).Select(static item => item.Id)];

    static bool IsUnsettled(Claim claim) => claim.Phase is ClaimPhase.Bound
        && (claim.Request > claim.Capacity || claim.ResizeStatus.Length > 0 || claim.Conditions.Count > 0 || claim.AttributesClass != claim.CurrentAttributesClass);

    async Task StepAsync(ObjectId id, CancellationToken cancellationToken)
    {
        if (await follower.FindAsync(id, cancellationToken) is not { } stored) return;
        var claim = Claim.Read(stored.Document);
        if (claim.VolumeName.Length == 0 || await follower.FindAsync(ObjectId.Volume(claim.VolumeName), cancellationToken) is not { } storedVolume) return;
        var step = new GrowingClaim(stored, claim, storedVolume, PersistentVolume.Read(storedVolume.Document), time.GetUtcNow());
        var view = new ExpansionView(claim, step.Volume) { HasResizer = grower.CanGrow(step.Volume), IsMounted = await IsMountedAsync(claim, cancellationToken) };
        switch (ExpansionDecisions.Decide(view))
        {
            case ExpansionDecision.Nothing:
                await ModifyAsync(step, cancellationToken);
                break;
            case ExpansionDecision.Mark mark:
                await MarkAsync(step, mark, cancellationToken);
                break;
            case ExpansionDecision.GrowVolume grow:
                GrownVolume grown = await GrowAsync(step, grow.Size, cancellationToken);
                (BindingPair pair, EventText told) = ExpansionDecisions.VolumeGrown(claim, step.Volume, grown);
                await follower.WriteAsync(step.Write(pair), CancellationToken.None);
                Tell(claim, told);
                break;
            case ExpansionDecision.GrowFileSystem grow:
                await GrowAsync(step, grow.Size, cancellationToken);
                await MarkAsync(step, (ExpansionDecision.Mark)ExpansionDecisions.FileSystemGrown(claim, step.Volume), CancellationToken.None);
                break;
            case ExpansionDecision.Wait wait:
                Tell(claim, wait.Event);
                break;
            case var other:
                throw new InvalidOperationException($"no decision on a growth: {other}");
        }
    }

    async Task<GrownVolume> GrowAsync(GrowingClaim step, Objects.Quantity size, CancellationToken cancellationToken)
    {
        try
        {
            return await grower.GrowAsync(step.Volume, size, cancellationToken);
        }
        catch (StrakeException e)
        {
            bool isFinal = e.Kind is ErrorKind.Invalid or ErrorKind.NotSupported;
            await MarkAsync(step, (ExpansionDecision.Mark)ExpansionDecisions.GrowFailed(step.Claim, step.Volume, e.Message, isFinal), CancellationToken.None);
            throw;
        }
    }

    async Task ModifyAsync(GrowingClaim step, CancellationToken cancellationToken)
    {
        Claim claim = step.Claim;
        if (claim.Phase is not ClaimPhase.Bound || claim.AttributesClass.Length == 0 || claim.AttributesClass == claim.CurrentAttributesClass) return;
        if (await follower.FindAsync(new ObjectId(ObjectId.AttributesClasses, new ObjectKey("", claim.AttributesClass)), cancellationToken) is not { } itsClass)
        {
            Tell(claim, AttributeChanges.ClassMissing(claim));
            return;
        }

        try
        {
            AttributeChanges.Require(itsClass.Document, step.Volume);
            await grower.ModifyAsync(step.Volume, AttributeChanges.ParametersOf(itsClass.Document), cancellationToken);
        }
        catch (StrakeException e)
        {
            Tell(claim, AttributeChanges.Failed(claim, e.Message));
            throw;
        }

        await follower.WriteAsync(step.Write(AttributeChanges.Done(claim, step.Volume)), CancellationToken.None);
        Tell(claim, AttributeChanges.Succeeded(claim));
    }

    async Task MarkAsync(GrowingClaim step, ExpansionDecision.Mark mark, CancellationToken cancellationToken)
    {
        if (mark.After != step.Claim) await follower.WriteAsync([step.Write(mark.After)], cancellationToken);
        Tell(step.Claim, mark.Event);
    }

    async ValueTask<bool> IsMountedAsync(Claim claim, CancellationToken cancellationToken) => claim.ResizeStatus.Length > 0
        && (await follower.AllAsync(ObjectId.Pods, cancellationToken)).Any(item => PodUse.Read(item.Document) is { Phase: PodPhase.Running } pod && pod.VolumeOf(claim) is not null);

    void Tell(Claim claim, EventText? told)
    {
        if (told is not null) events.Record(ObjectId.Claim(claim.Key), claim.Metadata.Uid, told);
    }
}
