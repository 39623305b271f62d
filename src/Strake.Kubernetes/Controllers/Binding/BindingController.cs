using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Binding;

/// <summary>
/// Does what is decided for claims and volumes: binds, has volumes made, deleted and emptied. Each step is one write of all that it concerns, at the revisions
/// that it was decided on; what a crash leaves undone is decided anew at the next start.
/// </summary>
public sealed class BindingController(IObjectStore store, IVolumeMaker maker, IEventRecorder events, TimeProvider time) : IDisposable
{
    const int Workers = 32;

    static readonly string[] s_resources = [ObjectId.Claims, ObjectId.Volumes, ObjectId.Classes, ObjectId.Pods, ObjectId.Nodes];

    // Everything is told by watching; this is for what no watch tells, such as a driver that has come back.
    static readonly TimeSpan s_resync = TimeSpan.FromSeconds(15);

    readonly BindingCache cache = new();
    readonly WorkQueue<ObjectId> queue = new(time, BackOff.Default);

    /// <summary>Works until it is cancelled; returns when the steps under way have ended.</summary>
    /// <param name="failed">Told of each step that failed and will be tried again; must not throw.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StrakeException">Whatever the store's list or watch fails with: the controller has ended, and may be run again.</exception>
    public async Task RunAsync(Action<ObjectId, Exception> failed, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ObjectList all = await store.ListAsync(s_resources, cancellationToken);
        foreach (StoredObject item in all.Objects) AddAll(cache.Apply(new ObjectChange(item.Id, item.Revision, item)));
        await using ITimer resync = time.CreateTimer(_ => AddAll(cache.Unsettled()), null, s_resync, s_resync);
        Task work = queue.RunAsync(Workers, StepAsync, failed, ending.Token);
        try
        {
            await foreach (ObjectChange change in store.WatchAsync(s_resources, all.Revision, cancellationToken)) AddAll(cache.Apply(change));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to end.
        }
        finally
        {
            await ending.CancelAsync();
            await work;
        }
    }

    /// <summary>Drops what waits.</summary>
    public void Dispose() => queue.Dispose();

    async Task StepAsync(ObjectId id, CancellationToken cancellationToken)
    {
        await (id.Resource is ObjectId.Claims ? StepAsync(id.Key, cancellationToken) : StepAsync(id.Key.Name, cancellationToken));
        if (cache.Protect(id) is { } write) await WriteAsync([write], cancellationToken);
    }

    async Task StepAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (cache.Decide(key, maker.Provisioners, time.GetUtcNow()) is not { } decided) return;
        switch (decided.Decision)
        {
            case ClaimDecision.Nothing:
                break;
            case ClaimDecision.Bind bind:
                await BindAsync(decided, bind.Pair, cancellationToken);
                break;
            case ClaimDecision.AssignClass assign:
                await WriteAsync([decided.Write(assign.After)], cancellationToken);
                break;
            case ClaimDecision.Wait wait:
                if (wait.After != decided.Claim) await WriteAsync([decided.Write(wait.After)], cancellationToken);
                foreach (EventText told in decided.News) Tell(decided.Claim, told);
                break;
            case ClaimDecision.Lose lose:
                await WriteAsync([decided.Write(lose.After)], cancellationToken);
                Tell(decided.Claim, lose.Event);
                break;
            case ClaimDecision.Abandon abandon:
                if (abandon.Storage is { } storage) await maker.DiscardAsync(decided.Claim, storage, cancellationToken);
                await WriteAsync([decided.Write(abandon.After)], cancellationToken);
                break;
            case ClaimDecision.Provision provision:
                await ProvisionAsync(decided, provision, cancellationToken);
                break;
            default:
                throw new InvalidOperationException($"no decision on a claim: {decided.Decision}");
        }
    }

    async Task StepAsync(string name, CancellationToken cancellationToken)
    {
        if (cache.Decide(name) is not { } decided) return;
        switch (decided.Decision)
        {
            case VolumeDecision.WakeClaim wake:
                queue.Add(ObjectId.Claim(wake.Claim));
                break;
            case VolumeDecision.Refuse refuse:
                Tell(decided.Volume, refuse.VolumeEvent);
                if (cache.FindClaim(refuse.Claim) is { } claim) Tell(claim, refuse.ClaimEvent);
                break;
            case VolumeDecision.Delete:
                await DeleteAsync(decided);
                break;
            case VolumeDecision.Recycle:
                await RecycleAsync(decided);
                break;
            default:
                await FollowAsync(decided, decided.Decision, cancellationToken);
                break;
        }
    }

    async Task BindAsync(DecidedClaim decided, BindingPair pair, CancellationToken cancellationToken)
    {
        try
        {
            StoredObject stored = decided.Volume!;
            JsonObject volume = VolumeDocument.With(stored.Document, PersistentVolume.Read(stored.Document), pair.Volume);
            await WriteAsync([new ObjectWrite(stored.Id, stored.Revision, volume), decided.Write(pair.Claim)], cancellationToken);
        }
        catch
        {
            AddAll(cache.Restore(pair.Volume.Name));
            throw;
        }
    }

    async Task ProvisionAsync(DecidedClaim decided, ClaimDecision.Provision provision, CancellationToken cancellationToken)
    {
        Claim claim = provision.After;
        if (claim != decided.Claim)
            decided = decided with { Stored = (await WriteAsync([decided.Write(claim)], cancellationToken))[0], Claim = claim };
        Tell(claim, provision.Event);
        MadeStorage made;
        ProvisionPlan plan;
        try
        {
            plan = ProvisionPlan.Of(claim, provision.Class);
            made = await maker.MakeAsync(plan, cancellationToken);
        }
        catch (StrakeException e)
        {
            Tell(claim, ProvisioningEvents.Failed(provision.Class.Name, e.Message));
            throw;
        }

        // From here on there is storage: it gets its volume, whatever became of the claim, for only what has a volume is ever deleted.
        await RegisterAsync(decided, ProvisionedVolume.Document(plan, made));
        Tell(claim, ProvisioningEvents.Succeeded(plan.Name));
    }

    async Task RegisterAsync(DecidedClaim decided, JsonObject document)
    {
        JsonElement element = JsonSerializer.SerializeToElement(document, RecordJson.Default.JsonObject);
        var volume = PersistentVolume.Read(element);
        var pair = BindingPair.Of(decided.Claim, volume);
        ObjectId id = ObjectId.Volume(volume.Name);
        bool bound = await TryWriteAsync(
            [new ObjectWrite(id, 0, VolumeDocument.With(element, volume, pair.Volume)), decided.Write(pair.Claim)], CancellationToken.None) is not null;

        // The claim has changed or is gone: the volume alone, and what becomes of it is decided like for any other. When it is there already, so much the better.
        if (!bound) await TryWriteAsync([new ObjectWrite(id, 0, document)], CancellationToken.None);
    }

    async Task DeleteAsync(DecidedVolume decided)
    {
        PersistentVolume volume = decided.Volume;
        try
        {
            await maker.DeleteAsync(volume, CancellationToken.None);
        }
        catch (StrakeException e)
        {
            await FollowAsync(decided, VolumeDecisions.DeleteFailed(volume, e.Message, e.Kind is ErrorKind.InUse), CancellationToken.None);
            throw;
        }

        ValueList<string> others = volume.Metadata.Finalizers.Without(VolumeFinalizers.Provisioner).Without(VolumeFinalizers.VolumeProtection);
        await WriteAsync([new ObjectWrite(decided.Stored.Id, decided.Stored.Revision, others.Count == 0 ? null : Going(decided, others))], CancellationToken.None);
    }

    // Somebody else holds it still: it goes when they let go.
    JsonObject Going(DecidedVolume decided, ValueList<string> finalizers)
    {
        PersistentVolume volume = decided.Volume;
        JsonObject document = decided.Write(volume with { Metadata = volume.Metadata with { Finalizers = finalizers } }).Document!;
        if (!volume.Metadata.IsBeingDeleted)
            document.Child("metadata")["deletionTimestamp"] = Objects.ApiTime.Text(time.GetUtcNow());
        return document;
    }

    async Task RecycleAsync(DecidedVolume decided)
    {
        try
        {
            await maker.RecycleAsync(decided.Volume, CancellationToken.None);
        }
        catch (StrakeException e)
        {
            VolumeDecision failure = e.Kind is ErrorKind.NotSupported
                ? VolumeDecisions.RecycleImpossible(decided.Volume)
                : VolumeDecisions.RecycleFailed(decided.Volume, e.Message);
            await FollowAsync(decided, failure, CancellationToken.None);
            throw;
        }

        await FollowAsync(decided, VolumeDecisions.Recycled(decided.Volume), CancellationToken.None);
    }

    async Task FollowAsync(DecidedVolume decided, VolumeDecision decision, CancellationToken cancellationToken)
    {
        (PersistentVolume? after, EventText? told) = decision switch
        {
            VolumeDecision.Nothing => (null, null),
            VolumeDecision.Mark mark => (mark.After, mark.Event),
            VolumeDecision.Unbind unbind => (unbind.After, unbind.Event),
            VolumeDecision.Hold hold => ((PersistentVolume?)null, hold.Event),
            _ => throw new InvalidOperationException($"no decision on a volume that ends here: {decision}"),
        };
        if (after is not null) await WriteAsync([decided.Write(after)], cancellationToken);
        Tell(decided.Volume, told);
    }

    async Task<IReadOnlyList<StoredObject>> WriteAsync(IReadOnlyList<ObjectWrite> writes, CancellationToken cancellationToken) =>
        await TryWriteAsync(writes, cancellationToken) ?? throw StrakeException.Conflict($"{writes[0].Id} has changed; it is decided anew");

    // What was written is known at once, not only when the watch tells: the next decision must not be made on what was before.
    async Task<IReadOnlyList<StoredObject>?> TryWriteAsync(IReadOnlyList<ObjectWrite> writes, CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredObject>? written = await store.TryWriteAsync(writes, cancellationToken);
        foreach (StoredObject item in written ?? []) AddAll(cache.Learn(item));
        return written;
    }

    void AddAll(IEnumerable<ObjectId> ids)
    {
        foreach (ObjectId id in ids) queue.Add(id);
    }

    void Tell(Claim claim, EventText? told)
    {
        if (told is not null) events.Record(ObjectId.Claim(claim.Key), claim.Metadata.Uid, told);
    }

    void Tell(PersistentVolume volume, EventText? told)
    {
        if (told is not null) events.Record(ObjectId.Volume(volume.Name), volume.Metadata.Uid, told);
    }
}
