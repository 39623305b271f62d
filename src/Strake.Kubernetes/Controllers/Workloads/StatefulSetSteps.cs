using System.Text.Json.Nodes;
using Strake.Kubernetes.Controllers.Binding;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Workloads;
using Strake.Kubernetes.Records;
using StatusException = Strake.Kubernetes.Objects.StatusException;

namespace Strake.Kubernetes.Controllers.Workloads;

/// <summary>Does what is decided for stateful sets.</summary>
/// <param name="cache">What is known.</param>
/// <param name="writes">What is done.</param>
/// <param name="events">Who tells users.</param>
/// <param name="time">The clock of pods that have to be ready for some time.</param>
sealed class StatefulSetSteps(WorkloadCache cache, WorkloadWrites writes, IEventRecorder events, TimeProvider time)
{
    // So that a set of thousands does not keep the others waiting; the next look goes on.
    const int MaxSteps = 256;

    readonly SetRevisions revisions = new(cache, writes, "StatefulSet");

    /// <summary>Brings a set nearer to what it should be.</summary>
    /// <returns>When to look again though nothing may have happened; zero: never.</returns>
    public async Task<TimeSpan> StepAsync(ObjectId id, CancellationToken cancellationToken)
    {
        if (cache.Find(id) is not { } first) return TimeSpan.Zero;
        var set = StatefulSet.Read(first.Document);
        if (set.Metadata.IsBeingDeleted) return TimeSpan.Zero;
        await writes.AdoptAsync(first, "StatefulSet", ObjectId.Pods, name => set.OrdinalOf(name) is { } ordinal && set.PodName(ordinal) == name, cancellationToken);
        await writes.AdoptAsync(first, "StatefulSet", WorkloadCache.Revisions, static _ => true, cancellationToken);
        string revision = await revisions.KeepAsync(first, set.Metadata, cancellationToken);
        try
        {
            for (int step = 0; step < MaxSteps && cache.Find(id) is { } now && await DoAsync(now, ViewOf(now, revision), cancellationToken);) step++;
        }
        finally
        {
            // What could not be made is not told as being there, and the rest is.
            if (cache.Find(id) is { } last) await TellAsync(last, ViewOf(last, revision), cancellationToken);
        }

        return cache.Owned(set.Metadata.Uid, ObjectId.Pods).Select(pod => Unsettled(first, pod)).DefaultIfEmpty(TimeSpan.Zero).Max();
    }

    StatefulSetView ViewOf(StoredObject stored, string revision)
    {
        var set = StatefulSet.Read(stored.Document);
        StoredObject[] claims = set.ClaimTemplates.Count == 0 ? [] : cache.Claims(
            set.Metadata.Namespace, name => set.OrdinalOf(name) is { } ordinal && set.ClaimTemplates.Any(template => template.ClaimOf(set.PodName(ordinal)) == name));
        return new(set, revision)
        {
            Pods = [.. cache.Owned(set.Metadata.Uid, ObjectId.Pods).Select(pod => PodOf(stored, pod))],
            Claims = [.. claims.Select(static claim => Claim.Read(claim.Document))],
        };
    }

    WorkloadPod PodOf(StoredObject stored, StoredObject pod)
    {
        var use = PodUse.Read(pod.Document);
        return new(use, use.Metadata.Labels.Find(SetRevisions.Label) ?? "") { HasSettled = Unsettled(stored, pod) == TimeSpan.Zero };
    }

    TimeSpan Unsettled(StoredObject stored, StoredObject pod) => PodTemplate.Unsettled(pod.Document, stored.Document.At("spec").Number("minReadySeconds"), time.GetUtcNow());

    // Whether there may be more to do at once.
    async Task<bool> DoAsync(StoredObject stored, StatefulSetView view, CancellationToken cancellationToken)
    {
        StatefulSet set = view.Set;
        switch (StatefulSetDecisions.Decide(view))
        {
            case StatefulSetDecision.Nothing or StatefulSetDecision.Wait:
                return false;
            case StatefulSetDecision.CreateClaim create:
                await CreateAsync(
                    stored, set, ObjectId.Claims, SetPods.Claim(stored, create.Template, create.Name), create.Event,
                    $"create Claim {create.Name} for Pod {create.Name[(create.Template.Name.Length + 1)..]} in StatefulSet {set.Metadata.Name} failed error", cancellationToken);
                return true;
            case StatefulSetDecision.CreatePod create:
                string revision = RevisionFor(stored, set, view.Revision, create.Ordinal);
                await CreateAsync(
                    stored, set, ObjectId.Pods, SetPods.Pod(stored, set, create.Ordinal, revisions.TemplateOf(stored, revision), revision), create.Event,
                    $"create Pod {create.Name} in StatefulSet {set.Metadata.Name} failed error", cancellationToken);
                return true;
            case StatefulSetDecision.DeletePod delete:
                await DeleteAsync(set, ObjectId.Pods, delete.Name, cancellationToken);
                Tell(stored, set, delete.Event);
                return true;
            case StatefulSetDecision.OwnClaim own:
                await OwnAsync(own.After, cancellationToken);
                return true;
            case StatefulSetDecision.DeleteClaim delete:
                await DeleteAsync(set, ObjectId.Claims, delete.Name, cancellationToken);
                return true;
            case var other:
                throw new InvalidOperationException($"no decision on a stateful set: {other}");
        }
    }

    async Task CreateAsync(
        StoredObject stored, StatefulSet set, string resource, JsonObject document, EventText told, string failure, CancellationToken cancellationToken)
    {
        try
        {
            await writes.CreateAsync(resource, set.Metadata.Namespace, document, cancellationToken);
        }
        catch (StatusException e)
        {
            Tell(stored, set, EventText.Warning("FailedCreate", $"{failure}: {e.Message}"));
            throw;
        }

        Tell(stored, set, told);
    }

    // Below the partition pods stay what they were, even where they are made anew.
    static string RevisionFor(StoredObject stored, StatefulSet set, string update, int ordinal)
    {
        string current = stored.Document.At("status").Text("currentRevision");
        return set.RollsOut && ordinal < set.Partition && current.Length > 0 ? current : update;
    }

    async Task DeleteAsync(StatefulSet set, string resource, string name, CancellationToken cancellationToken)
    {
        if (cache.Find(new(resource, new ObjectKey(set.Metadata.Namespace, name))) is { } item) await writes.DeleteAsync(item, cancellationToken);
    }

    async Task OwnAsync(Claim after, CancellationToken cancellationToken)
    {
        if (cache.Find(ObjectId.Claim(after.Key)) is not { } stored) return;
        JsonObject document = JsonObject.Create(stored.Document)!;
        JsonObject metadata = document.Child("metadata");
        if (after.Metadata.Owners.Count == 0) metadata.Remove("ownerReferences");
        else metadata["ownerReferences"] = new JsonArray([.. after.Metadata.Owners.Select(static owner => (JsonNode)owner.ToJson())]);
        await writes.WriteAsync(stored, document, cancellationToken);
    }

    async Task TellAsync(StoredObject stored, StatefulSetView view, CancellationToken cancellationToken)
    {
        JsonObject status = StatefulSetStatus.Of(stored.Document, view);
        await writes.TellAsync(stored, status, annotation: null, cancellationToken);
        string[] needed = [view.Revision, status["currentRevision"]!.GetValue<string>(), .. view.Pods.Select(static pod => pod.Revision)];
        await revisions.TrimAsync(stored, view.Set.Metadata, needed, cancellationToken);
    }

    void Tell(StoredObject stored, StatefulSet set, EventText told) => events.Record(stored.Id, set.Metadata.Uid, told);
}
