using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Workloads;
using Strake.Kubernetes.Records;
using StatusException = Strake.Kubernetes.Objects.StatusException;
namespace Strake.Kubernetes.Controllers.Workloads;

/// <summary>Does what is decided for replica sets.</summary>
/// <param name="cache">What is known.</param>
/// <param name="writes">What is done.</param>
/// <param name="events">Who tells users.</param>
/// <param name="time">The clock of pods that have to be ready for some time.</param>
sealed class ReplicaSetSteps(WorkloadCache cache, WorkloadWrites writes, IEventRecorder events, TimeProvider time)
{
    // So that a set of thousands does not keep the others waiting.
    const int MostAtOnce = 500;

    /// <summary>Brings a set nearer to what it should be.</summary>
    /// <returns>When to look again though nothing may have happened; zero: never.</returns>
    public async Task<TimeSpan> StepAsync(ObjectId id, CancellationToken cancellationToken)
    {
        if (cache.Find(id) is not { } stored) return TimeSpan.Zero;
        await writes.AdoptAsync(stored, "ReplicaSet", ObjectId.Pods, static _ => true, cancellationToken);
        var set = ReplicaSet.Read(stored.Document);
        try
        {
            await DoAsync(stored, set, ReplicaSetDecisions.Decide(set, PodsOf(stored, out _)), cancellationToken);
        }
        finally
        {
            // What could not be made is not told as being there, and the rest is.
            if (cache.Find(id) is { } now) await TellAsync(now, PodsOf(now, out _), cancellationToken);
        }

        PodsOf(stored, out TimeSpan unsettled);
        return unsettled;
    }

    async Task DoAsync(StoredObject stored, ReplicaSet set, ReplicaSetDecision decision, CancellationToken cancellationToken)
    {
        switch (decision)
        {
            case ReplicaSetDecision.Nothing:
                break;
            case ReplicaSetDecision.Create create:
                await Task.WhenAll(Enumerable.Range(0, Math.Min(create.Count, MostAtOnce)).Select(_ => CreateAsync(stored, set, cancellationToken)));
                break;
            case ReplicaSetDecision.Delete delete:
                await Task.WhenAll(delete.Names.Take(MostAtOnce).Select(name => DeleteAsync(stored, set, name, cancellationToken)));
                break;
            default:
                throw new InvalidOperationException($"no decision on a replica set: {decision}");
        }
    }

    async Task CreateAsync(StoredObject stored, ReplicaSet set, CancellationToken cancellationToken)
    {
        JsonObject pod = PodTemplate.Pod(stored.Document.At("spec", "template"), OwnerReference.ControllerOf("apps/v1", "ReplicaSet", set.Metadata));
        pod["metadata"]!["generateName"] = set.Metadata.Name + "-";
        try
        {
            StoredObject made = await writes.CreateAsync(ObjectId.Pods, set.Metadata.Namespace, pod, cancellationToken);
            events.Record(stored.Id, set.Metadata.Uid, EventText.Normal("SuccessfulCreate", $"Created pod: {made.Id.Key.Name}"));
        }
        catch (StatusException e)
        {
            events.Record(stored.Id, set.Metadata.Uid, EventText.Warning("FailedCreate", $"Error creating: {e.Message}"));
            throw;
        }
    }

    async Task DeleteAsync(StoredObject stored, ReplicaSet set, string name, CancellationToken cancellationToken)
    {
        if (cache.Find(new(ObjectId.Pods, new ObjectKey(set.Metadata.Namespace, name))) is not { } pod) return;
        await writes.DeleteAsync(pod, cancellationToken);
        events.Record(stored.Id, set.Metadata.Uid, EventText.Normal("SuccessfulDelete", $"Deleted pod: {name}"));
    }

    WorkloadPod[] PodsOf(StoredObject stored, out TimeSpan unsettled)
    {
        int seconds = stored.Document.At("spec").Number("minReadySeconds");
        DateTimeOffset now = time.GetUtcNow();
        StoredObject[] pods = cache.Owned(Metadata.Read(stored.Document).Uid, ObjectId.Pods);
        unsettled = pods.Select(pod => PodTemplate.Unsettled(pod.Document, seconds, now)).DefaultIfEmpty(TimeSpan.Zero).Max();
        return [.. pods.Select(pod => new WorkloadPod(PodUse.Read(pod.Document), "") { HasSettled = PodTemplate.Unsettled(pod.Document, seconds, now) == TimeSpan.Zero })];
    }

    Task TellAsync(StoredObject stored, WorkloadPod[] pods, CancellationToken cancellationToken)
    {
        WorkloadPod[] active = [.. pods.Where(static pod => pod.IsActive)];
        TextMap labels = stored.Document.At("spec", "template", "metadata").Map("labels");
        JsonObject status = new JsonObject { ["replicas"] = active.Length }
            .WithNumber("fullyLabeledReplicas", active.Count(pod => labels.All(label => pod.Pod.Metadata.Labels.Find(label.Key) == label.Value)))
            .WithNumber("readyReplicas", active.Count(static pod => pod.IsReady))
            .WithNumber("availableReplicas", active.Count(static pod => pod.IsHealthy));
        status["observedGeneration"] = stored.Document.At("metadata").Number("generation");
        if (stored.Document.At("status", "conditions") is { ValueKind: JsonValueKind.Array } conditions) status["conditions"] = JsonArray.Create(conditions);
        return writes.TellAsync(stored, status, annotation: null, cancellationToken);
    }
}
