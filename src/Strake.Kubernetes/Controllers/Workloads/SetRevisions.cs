using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Workloads;

/// <summary>The states that a set's template has had, kept as ControllerRevisions: pods below the partition are made anew of the one before, and users may go back.</summary>
/// <remarks>Kubernetes' <c>pkg/controller/history</c>.</remarks>
/// <param name="cache">What is known.</param>
/// <param name="writes">What is done.</param>
/// <param name="kind">The kind of the sets.</param>
sealed class SetRevisions(WorkloadCache cache, WorkloadWrites writes, string kind)
{
    /// <summary>The label of revisions and pods that names the state.</summary>
    public const string Label = "controller-revision-hash";

    /// <summary>Sees to it that the template as it is is kept, as the newest.</summary>
    /// <returns>Its revision's name.</returns>
    public async Task<string> KeepAsync(StoredObject stored, Metadata set, CancellationToken cancellationToken)
    {
        string hash = PodTemplate.HashOf(stored.Document.At("spec", "template")), name = $"{set.Name}-{hash}";
        StoredObject[] all = cache.Owned(set.Uid, WorkloadCache.Revisions);
        int newest = all.Select(static one => one.Document.Number("revision")).DefaultIfEmpty(0).Max();
        StoredObject? known = all.FirstOrDefault(one => one.Id.Key.Name == name);
        if (known is null)
        {
            await writes.CreateAsync(WorkloadCache.Revisions, set.Namespace, Document(stored, set, name, hash, newest + 1), cancellationToken);
        }
        else if (known.Document.Number("revision") < newest)
        {
            JsonObject document = JsonObject.Create(known.Document)!;
            document["revision"] = newest + 1;
            await writes.WriteAsync(known, document, cancellationToken);
        }

        return name;
    }

    /// <summary>The template of a revision; that of the set as it is, where the revision is not there.</summary>
    public JsonElement TemplateOf(StoredObject stored, string revision)
    {
        StoredObject? kept = cache.Find(new(WorkloadCache.Revisions, new ObjectKey(stored.Id.Key.Namespace, revision)));
        return kept is not null && kept.Document.At("data", "spec", "template") is { ValueKind: JsonValueKind.Object } template ? template : stored.Document.At("spec", "template");
    }

    /// <summary>Forgets those of long ago that no pod is of.</summary>
    public async Task TrimAsync(StoredObject stored, Metadata set, IReadOnlyCollection<string> needed, CancellationToken cancellationToken)
    {
        StoredObject[] idle = [.. cache.Owned(set.Uid, WorkloadCache.Revisions).Where(one => !needed.Contains(one.Id.Key.Name)).OrderBy(static one => one.Document.Number("revision"))];
        int excess = idle.Length - stored.Document.At("spec").Number("revisionHistoryLimit", 10);
        foreach (StoredObject old in idle.Take(Math.Max(0, excess))) await writes.DeleteAsync(old, cancellationToken);
    }

    JsonObject Document(StoredObject stored, Metadata set, string name, string hash, int revision)
    {
        JsonObject template = JsonObject.Create(stored.Document.At("spec", "template"))!;
        // As a strategic merge patch of the set, which is what going back applies.
        template["$patch"] = "replace";
        JsonObject labels = stored.Document.At("spec", "template", "metadata").Map("labels").ToJson();
        labels[Label] = hash;
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name, ["labels"] = labels,
                ["ownerReferences"] = new JsonArray(OwnerReference.ControllerOf("apps/v1", kind, set)),
            },
            ["data"] = new JsonObject { ["spec"] = new JsonObject { ["template"] = template } },
            ["revision"] = revision,
        };
    }
}
