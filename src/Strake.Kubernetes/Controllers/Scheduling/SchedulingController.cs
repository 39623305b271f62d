using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Controllers.Binding;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Scheduling;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Scheduling;

/// <summary>
/// Gives pods the node, or tells why they do not get it. A pod whose claims wait for their first consumer has them prepared first: volumes reserved, claims
/// told the node, in one write. What waits is looked at again when something changes that may help it.
/// </summary>
/// <param name="store">The objects.</param>
/// <param name="events">Who tells users.</param>
/// <param name="node">The node's name.</param>
/// <param name="time">The clock.</param>
public sealed class SchedulingController(IObjectStore store, IEventRecorder events, string node, TimeProvider time) : IDisposable
{
    // Two pods must not be placed at once: each counts what the others take.
    const int Workers = 1;

    static readonly string[] s_resources = [ObjectId.Pods, ObjectId.Claims, ObjectId.Volumes, ObjectId.Classes, ObjectId.Nodes];

    readonly SchedulingCache cache = new(node);
    readonly WorkQueue<ObjectKey> queue = new(time, BackOff.Default);

    /// <summary>Works until it is cancelled.</summary>
    /// <param name="failed">Told of each step that failed and will be tried again; must not throw.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Action<ObjectId, Exception> failed, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ObjectList all = await store.ListAsync(s_resources, cancellationToken);
        foreach (StoredObject item in all.Objects) cache.Apply(new ObjectChange(item.Id, item.Revision, item));
        AddAll(cache.Waiting());
        Task work = queue.RunAsync(Workers, StepAsync, (key, error) => failed(ObjectId.Pod(key), error), ending.Token);
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

    async Task StepAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (cache.MissingClaims(key) is { Count: > 0 } missing) await WriteAsync(missing, cancellationToken);
        if (cache.Decide(key) is not { } decided) return;
        switch (decided.Decision)
        {
            case ScheduleDecision.Nothing or ScheduleDecision.AwaitClaims:
                break;
            case ScheduleDecision.Place place:
                await PlaceAsync(decided.Stored, place, cancellationToken);
                break;
            case ScheduleDecision.PrepareClaims prepare:
                await WriteAsync([.. prepare.Reserved.Select(Reserve), .. prepare.Released.Select(Release)], cancellationToken);
                queue.Add(key);
                break;
            case ScheduleDecision.Wait wait:
                await WaitAsync(decided.Stored, wait, cancellationToken);
                break;
            default:
                throw new InvalidOperationException($"no decision on a pod's place: {decided.Decision}");
        }
    }

    async Task PlaceAsync(StoredObject stored, ScheduleDecision.Place place, CancellationToken cancellationToken)
    {
        JsonObject pod = JsonObject.Create(stored.Document)!;
        pod.Child("spec")["nodeName"] = place.Node;
        PodConditions.Set(pod, "PodScheduled", isTrue: true, "", "", time.GetUtcNow());
        await WriteAsync([new ObjectWrite(stored.Id, stored.Revision, pod)], cancellationToken);
        Tell(stored, place.Event);
    }

    // Users are told once, not at each look that finds the same.
    async Task WaitAsync(StoredObject stored, ScheduleDecision.Wait wait, CancellationToken cancellationToken)
    {
        JsonObject pod = JsonObject.Create(stored.Document)!;
        if (!PodConditions.Set(pod, "PodScheduled", isTrue: false, wait.Condition, wait.Event.Message, time.GetUtcNow())) return;
        await WriteAsync([new ObjectWrite(stored.Id, stored.Revision, pod)], cancellationToken);
        Tell(stored, wait.Event);
    }

    ObjectWrite Reserve(PersistentVolume after)
    {
        StoredObject stored = Stored(ObjectId.Volume(after.Name));
        return new ObjectWrite(stored.Id, stored.Revision, VolumeDocument.With(stored.Document, PersistentVolume.Read(stored.Document), after));
    }

    ObjectWrite Release(Claim after)
    {
        StoredObject stored = Stored(ObjectId.Claim(after.Key));
        return new ObjectWrite(stored.Id, stored.Revision, ClaimDocument.With(stored.Document, Claim.Read(stored.Document), after));
    }

    StoredObject Stored(ObjectId id) => cache.Find(id) ?? throw StrakeException.Conflict($"{id} has changed; the pod's place is decided anew");

    async Task WriteAsync(IReadOnlyList<ObjectWrite> writes, CancellationToken cancellationToken)
    {
        if (await store.TryWriteAsync(writes, cancellationToken) is not { } written)
            throw StrakeException.Conflict($"{writes[0].Id} has changed; the pod's place is decided anew");
        foreach (StoredObject item in written) AddAll(cache.Apply(new ObjectChange(item.Id, item.Revision, item)));
    }

    void AddAll(IEnumerable<ObjectKey> keys)
    {
        foreach (ObjectKey key in keys) queue.Add(key);
    }

    void Tell(StoredObject pod, EventText told)
    {
        string uid = pod.Document.At("metadata").Text("uid");
        events.Record(pod.Id, uid, told);
    }
}
