using System.Globalization;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Controllers.Binding;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Workloads;
using Strake.Kubernetes.Records;
using StatusException = Strake.Kubernetes.Objects.StatusException;
namespace Strake.Kubernetes.Controllers.Workloads;

/// <summary>Does what is decided for deployments.</summary>
/// <param name="cache">What is known.</param>
/// <param name="writes">What is done.</param>
/// <param name="events">Who tells users.</param>
/// <param name="time">The clock of roll-outs that stand still.</param>
sealed class DeploymentSteps(WorkloadCache cache, WorkloadWrites writes, IEventRecorder events, TimeProvider time)
{
    // Each takes a write: more than these at once are not to be expected, and the next look goes on.
    const int MaxSteps = 32;

    // What of a deployment's notes is its own, and not its sets'.
    static readonly string[] s_ownNotes = ["kubectl.kubernetes.io/last-applied-configuration", ReplicaSet.RevisionAnnotation];

    /// <summary>Brings a deployment nearer to what it should be.</summary>
    /// <returns>When to look again though nothing may have happened; zero: never.</returns>
    public async Task<TimeSpan> StepAsync(ObjectId id, CancellationToken cancellationToken)
    {
        for (int step = 0; step < MaxSteps; step++)
        {
            if (cache.Find(id) is not { } stored) return TimeSpan.Zero;
            await writes.AdoptAsync(stored, "Deployment", WorkloadCache.ReplicaSets, static _ => true, cancellationToken);
            if (!await DoAsync(stored, ViewOf(stored), cancellationToken)) break;
        }

        return cache.Find(id) is { } now ? await TellAsync(now, ViewOf(now), cancellationToken) : TimeSpan.Zero;
    }

    DeploymentView ViewOf(StoredObject stored)
    {
        var deployment = Deployment.Read(stored.Document);
        return new(
            deployment, PodTemplate.HashOf(stored.Document.At("spec", "template")),
            [.. cache.Owned(deployment.Metadata.Uid, WorkloadCache.ReplicaSets).Select(static set => ReplicaSet.Read(set.Document)).Where(static set => !set.Metadata.IsBeingDeleted)]);
    }

    // Whether there may be more to do at once.
    async Task<bool> DoAsync(StoredObject stored, DeploymentView view, CancellationToken cancellationToken)
    {
        switch (DeploymentDecisions.Decide(view))
        {
            case DeploymentDecision.Nothing or DeploymentDecision.Wait:
                return false;
            case DeploymentDecision.CreateSet create:
                await CreateAsync(stored, view, create, cancellationToken);
                return true;
            case DeploymentDecision.Renumber renumber:
                await ChangeAsync(view, renumber.Name, document => Note(document, ReplicaSet.RevisionAnnotation, Text(renumber.Revision)), cancellationToken);
                return true;
            case DeploymentDecision.Scale scale:
                await ChangeAsync(view, scale.Name, document => ScaleTo(document, view.Deployment, scale.To), cancellationToken);
                string direction = scale.To > scale.From ? "up" : "down";
                Tell(stored, view, $"Scaled {direction} replica set {scale.Name} from {scale.From} to {scale.To}");
                return true;
            case DeploymentDecision.DeleteSet delete:
                if (Find(view, delete.Name) is { } set) await writes.DeleteAsync(set, cancellationToken);
                return true;
            case var other:
                throw new InvalidOperationException($"no decision on a deployment: {other}");
        }
    }

    async Task CreateAsync(StoredObject stored, DeploymentView view, DeploymentDecision.CreateSet create, CancellationToken cancellationToken)
    {
        JsonObject template = JsonObject.Create(stored.Document.At("spec", "template"))!;
        template.Child("metadata").Child("labels")[ReplicaSet.TemplateLabel] = view.Template;
        JsonObject selector = JsonObject.Create(stored.Document.At("spec", "selector"))!;
        selector.Child("matchLabels")[ReplicaSet.TemplateLabel] = view.Template;
        string name = $"{view.Deployment.Metadata.Name}-{view.Template}";
        var document = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = template["metadata"]!["labels"]!.DeepClone(),
                ["ownerReferences"] = new JsonArray(OwnerReference.ControllerOf("apps/v1", "Deployment", view.Deployment.Metadata)),
                ["annotations"] = TextMap.Of(view.Deployment.Metadata.Annotations.Where(static note => !s_ownNotes.Contains(note.Key))).ToJson(),
            },
            ["spec"] = new JsonObject { ["selector"] = selector, ["template"] = template }.WithNumber("minReadySeconds", stored.Document.At("spec").Number("minReadySeconds")),
        };
        Note(document, ReplicaSet.RevisionAnnotation, Text(create.Revision));
        ScaleTo(document, view.Deployment, create.Replicas);
        try
        {
            await writes.CreateAsync(WorkloadCache.ReplicaSets, view.Deployment.Metadata.Namespace, document, cancellationToken);
        }
        catch (StatusException e)
        {
            events.Record(stored.Id, view.Deployment.Metadata.Uid, EventText.Warning("ReplicaSetCreateError", $"Failed to create new replica set \"{name}\": {e.Message}"));
            throw;
        }

        if (create.Replicas > 0) Tell(stored, view, $"Scaled up replica set {name} from 0 to {create.Replicas}");
    }

    static void ScaleTo(JsonObject document, Deployment deployment, int replicas)
    {
        document.Child("spec")["replicas"] = replicas;
        Note(document, "deployment.kubernetes.io/desired-replicas", Text(deployment.Replicas));
        Note(document, "deployment.kubernetes.io/max-replicas", Text(deployment.Replicas + (deployment.Recreates ? 0 : deployment.MaxSurge)));
    }

    static void Note(JsonObject document, string name, string text) => document.Child("metadata").Child("annotations")[name] = text;

    async Task ChangeAsync(DeploymentView view, string name, Action<JsonObject> change, CancellationToken cancellationToken)
    {
        if (Find(view, name) is not { } set) return;
        JsonObject document = JsonObject.Create(set.Document)!;
        change(document);
        await writes.WriteAsync(set, document, cancellationToken);
    }

    StoredObject? Find(DeploymentView view, string name) => cache.Find(new(WorkloadCache.ReplicaSets, new ObjectKey(view.Deployment.Metadata.Namespace, name)));

    void Tell(StoredObject stored, DeploymentView view, string message) =>
        events.Record(stored.Id, view.Deployment.Metadata.Uid, EventText.Normal("ScalingReplicaSet", message));

    async Task<TimeSpan> TellAsync(StoredObject stored, DeploymentView view, CancellationToken cancellationToken)
    {
        JsonObject status = DeploymentStatus.Of(stored.Document, view, time.GetUtcNow(), out TimeSpan patience);
        long revision = view.Current?.Revision ?? 0;
        await writes.TellAsync(stored, status, revision > 0 ? (ReplicaSet.RevisionAnnotation, Text(revision)) : null, cancellationToken);
        return patience;
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
