using System.Text.Json.Nodes;
using Strake.Kubernetes.Controllers.Binding;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Workloads;

/// <summary>What is done for workloads. The cache knows of it at once, so that the next decision is not made on what was before.</summary>
/// <param name="store">Where objects are changed.</param>
/// <param name="requests">Where objects are made and deleted.</param>
/// <param name="cache">What is known.</param>
/// <param name="wake">Told which workloads are to be looked at.</param>
sealed class WorkloadWrites(IObjectStore store, IObjectRequests requests, WorkloadCache cache, Action<IReadOnlyCollection<ObjectId>> wake)
{
    /// <summary>Makes an object.</summary>
    public async Task<StoredObject> CreateAsync(string resource, string space, JsonObject document, CancellationToken cancellationToken)
    {
        StoredObject made = await requests.CreateAsync(resource, space, document, cancellationToken);
        wake(cache.Learn(new(made.Id, made.Revision, made)));
        return made;
    }

    /// <summary>Deletes an object.</summary>
    public async Task DeleteAsync(StoredObject item, CancellationToken cancellationToken)
    {
        if (await requests.DeleteAsync(item.Id, Metadata.Read(item.Document).Uid, cancellationToken) is { } change) wake(cache.Learn(change));
    }

    /// <summary>Changes an object that was read.</summary>
    /// <exception cref="StrakeException">Conflict: it has changed since.</exception>
    public async Task WriteAsync(StoredObject item, JsonObject document, CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredObject> written = await store.TryWriteAsync([new ObjectWrite(item.Id, item.Revision, document)], cancellationToken)
            ?? throw StrakeException.Conflict($"{item.Id} has changed; it is decided anew");
        foreach (StoredObject after in written) wake(cache.Learn(new(after.Id, after.Revision, after)));
    }

    /// <summary>Writes what is of an object, if that is not what it says already.</summary>
    /// <param name="item">The object.</param>
    /// <param name="status">What is.</param>
    /// <param name="annotation">A note on it, and its text; null: none.</param>
    /// <param name="cancellationToken">Cancels before the write.</param>
    public async Task TellAsync(StoredObject item, JsonObject status, (string Name, string Text)? annotation, CancellationToken cancellationToken)
    {
        JsonObject document = JsonObject.Create(item.Document)!;
        bool isNoted = annotation is null || item.Document.At("metadata").Map("annotations").Find(annotation.Value.Name) == annotation.Value.Text;
        if (isNoted && JsonNode.DeepEquals(document["status"], status)) return;
        document["status"] = status;
        if (annotation is { } note) document.Child("metadata").Child("annotations")[note.Name] = note.Text;
        await WriteAsync(item, document, cancellationToken);
    }

    /// <summary>Takes what nobody manages and what the selector means.</summary>
    /// <param name="item">The workload.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="resource">The kind of what it takes.</param>
    /// <param name="isWanted">Whether it takes one of that name.</param>
    /// <param name="cancellationToken">Cancels between writes.</param>
    public async Task AdoptAsync(StoredObject item, string kind, string resource, Func<string, bool> isWanted, CancellationToken cancellationToken)
    {
        var metadata = Metadata.Read(item.Document);
        if (metadata.IsBeingDeleted || LabelSelector.Read(item.Document.At("spec", "selector")) is not { Requirements.Count: > 0 } selector) return;
        foreach (StoredObject one in cache.Free(resource, metadata.Namespace))
        {
            var free = Metadata.Read(one.Document);
            if (free.IsBeingDeleted || !isWanted(free.Name) || !selector.Matches(free.Labels)) continue;
            JsonObject document = JsonObject.Create(one.Document)!;
            JsonObject target = document.Child("metadata");
            if (target["ownerReferences"] is not JsonArray owners) target["ownerReferences"] = owners = [];
            owners.Add((JsonNode)OwnerReference.ControllerOf("apps/v1", kind, metadata));
            await WriteAsync(one, document, cancellationToken);
        }
    }
}
