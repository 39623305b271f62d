using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Controllers.Binding;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Workloads;
using Strake.Kubernetes.Records;
using StatusException = Strake.Kubernetes.Objects.StatusException;

namespace Strake.Kubernetes.Controllers.Workloads;

/// <summary>Does what is decided for daemon sets.</summary>
/// <param name="cache">What is known.</param>
/// <param name="writes">What is done.</param>
/// <param name="events">Who tells users.</param>
/// <param name="time">The clock of pods that have to be ready for some time.</param>
sealed class DaemonSetSteps(WorkloadCache cache, WorkloadWrites writes, IEventRecorder events, TimeProvider time)
{
    const string Kind = "DaemonSet";

    readonly SetRevisions revisions = new(cache, writes, Kind);

    /// <summary>Brings a set nearer to what it should be.</summary>
    /// <returns>When to look again though nothing may have happened; zero: never.</returns>
    public async Task<TimeSpan> StepAsync(ObjectId id, CancellationToken cancellationToken)
    {
        if (cache.Find(id) is not { } stored) return TimeSpan.Zero;
        var set = DaemonSet.Read(stored.Document);
        if (set.Metadata.IsBeingDeleted) return TimeSpan.Zero;
        await writes.AdoptAsync(stored, Kind, ObjectId.Pods, static _ => true, cancellationToken);
        await writes.AdoptAsync(stored, Kind, WorkloadCache.Revisions, static _ => true, cancellationToken);
        string revision = await revisions.KeepAsync(stored, set.Metadata, cancellationToken), hash = revision[(set.Metadata.Name.Length + 1)..];
        try
        {
            await DoAsync(stored, set, DaemonSetDecisions.Decide(ViewOf(stored, hash)), hash, cancellationToken);
        }
        finally
        {
            // What could not be made is not told as being there, and the rest is.
            if (cache.Find(id) is { } now) await TellAsync(now, ViewOf(now, hash), cancellationToken);
        }

        string[] needed = [revision, .. cache.Owned(set.Metadata.Uid, ObjectId.Pods).Select(pod => $"{set.Metadata.Name}-{HashOf(pod)}")];
        await revisions.TrimAsync(stored, set.Metadata, needed, cancellationToken);
        return cache.Owned(set.Metadata.Uid, ObjectId.Pods).Select(pod => Unsettled(stored, pod)).DefaultIfEmpty(TimeSpan.Zero).Max();
    }

    async Task DoAsync(StoredObject stored, DaemonSet set, DaemonSetDecision decision, string hash, CancellationToken cancellationToken)
    {
        switch (decision)
        {
            case DaemonSetDecision.Nothing:
                break;
            case DaemonSetDecision.CreatePod:
                await CreateAsync(stored, set, hash, cancellationToken);
                break;
            case DaemonSetDecision.DeletePod delete when cache.Find(new(ObjectId.Pods, new ObjectKey(set.Metadata.Namespace, delete.Name))) is { } pod:
                await writes.DeleteAsync(pod, cancellationToken);
                Tell(stored, set, delete.Event);
                break;
            case DaemonSetDecision.DeletePod:
                break;
            default:
                throw new InvalidOperationException($"no decision on a daemon set: {decision}");
        }
    }

    async Task CreateAsync(StoredObject stored, DaemonSet set, string hash, CancellationToken cancellationToken)
    {
        JsonObject pod = PodTemplate.Pod(stored.Document.At("spec", "template"), OwnerReference.ControllerOf("apps/v1", Kind, set.Metadata), (SetRevisions.Label, hash));
        pod["metadata"]!["generateName"] = set.Metadata.Name + "-";
        JsonObject spec = pod.Child("spec");
        if (spec["tolerations"] is not JsonArray tolerations) spec["tolerations"] = tolerations = [];
        foreach (Toleration one in DaemonSetDecisions.Tolerations.Where(one => !set.Template.Tolerations.Contains(one)))
            tolerations.Add((JsonNode)new JsonObject { ["key"] = one.Key, ["operator"] = "Exists", ["effect"] = one.Effect });
        try
        {
            StoredObject made = await writes.CreateAsync(ObjectId.Pods, set.Metadata.Namespace, pod, cancellationToken);
            Tell(stored, set, EventText.Normal("SuccessfulCreate", $"Created pod: {made.Id.Key.Name}"));
        }
        catch (StatusException e)
        {
            Tell(stored, set, EventText.Warning("FailedCreate", $"Error creating: {e.Message}"));
            throw;
        }
    }

    DaemonSetView ViewOf(StoredObject stored, string hash) => new(DaemonSet.Read(stored.Document), hash, cache.Node() is { } node ? NodeView.Read(node.Document) : null)
    {
        Pods = [.. cache.Owned(Metadata.Read(stored.Document).Uid, ObjectId.Pods).Select(pod => new WorkloadPod(PodUse.Read(pod.Document), HashOf(pod)) { HasSettled = Unsettled(stored, pod) == TimeSpan.Zero })],
    };

    static string HashOf(StoredObject pod) => Metadata.Read(pod.Document).Labels.Find(SetRevisions.Label) ?? "";

    TimeSpan Unsettled(StoredObject stored, StoredObject pod) => PodTemplate.Unsettled(pod.Document, stored.Document.At("spec").Number("minReadySeconds"), time.GetUtcNow());

    Task TellAsync(StoredObject stored, DaemonSetView view, CancellationToken cancellationToken)
    {
        WorkloadPod[] active = [.. view.Pods.Where(static pod => pod.IsActive)];
        int desired = view.IsWanted ? 1 : 0, present = active.Length > 0 ? 1 : 0, available = Math.Min(desired, active.Count(static pod => pod.IsHealthy));
        JsonObject status = new JsonObject
        {
            ["currentNumberScheduled"] = Math.Min(desired, present),
            ["numberMisscheduled"] = desired == 0 ? present : 0,
            ["desiredNumberScheduled"] = desired,
            ["numberReady"] = Math.Min(desired, active.Count(static pod => pod.IsReady)),
        }
            .WithNumber("updatedNumberScheduled", Math.Min(desired, active.Count(pod => pod.Revision == view.Revision)))
            .WithNumber("numberAvailable", available)
            .WithNumber("numberUnavailable", desired - available);
        status["observedGeneration"] = stored.Document.At("metadata").Number("generation");
        if (stored.Document.At("status", "conditions") is { ValueKind: JsonValueKind.Array } conditions) status["conditions"] = JsonArray.Create(conditions);
        return writes.TellAsync(stored, status, annotation: null, cancellationToken);
    }

    void Tell(StoredObject stored, DaemonSet set, EventText told) => events.Record(stored.Id, set.Metadata.Uid, told);
}
