using System.Text.Json.Nodes;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using StoredObject = Strake.Kubernetes.Objects.StoredObject;

namespace Strake.Kubernetes.Garbage;

/// <summary>
/// Deletes what belongs to nobody any more, holds owners that are deleted in the foreground until what blocks them is gone, and cuts orphans loose.
/// </summary>
/// <remarks>
/// Kubernetes' <c>pkg/controller/garbagecollector</c>. Whether an owner is there is asked of the store itself, so that nothing is deleted for what a
/// watch has not told yet. An owner of a kind that nobody knows counts as there: its definition may come back.
/// </remarks>
/// <param name="objects">The objects.</param>
/// <param name="kinds">The kinds that there are.</param>
/// <param name="time">The clock of its retries.</param>
public sealed class GarbageCollector(ObjectStore objects, Func<KindCatalog> kinds, TimeProvider time) : IDisposable
{
    const int Workers = 4;

    readonly Belongings belongings = new();
    readonly WorkQueue<GarbageKey> queue = new(time, BackOff.Default);

    /// <summary>Works until it is cancelled.</summary>
    /// <param name="failed">Told of each step that failed and will be tried again; must not throw.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StatusException">The watch was too slow for the store's history: it has ended, and may be run again.</exception>
    public async Task RunAsync(Action<GarbageKey, Exception> failed, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        long from = objects.Revision + 1;
        foreach (ResourceKind kind in kinds().Stored)
            foreach (StoredObject item in (await objects.ListAsync(kind, null, cancellationToken)).Items) See(item, before: null);
        Task work = queue.RunAsync(Workers, StepAsync, failed, ending.Token);
        try
        {
            await foreach (ObjectEvent change in objects.WatchAllAsync(kinds, from, cancellationToken))
            {
                if (change.Kind is ObjectEventKind.Deleted) Lose(change.Object);
                else See(change.Object, change.Previous);
            }
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

    // Most changes are none of whom an object belongs to, nor of whether it goes: they are nobody's business here.
    void See(StoredObject item, StoredObject? before)
    {
        OwnerClaim[] owners = OwnerClaim.Of(item), earlier = before is null ? [] : OwnerClaim.Of(before);
        bool isNew = !owners.SequenceEqual(earlier);
        if (isNew) belongings.Put(new(item.Kind, item.Name), owners);
        if (isNew || IsHeld(item)) queue.Add(new(item.Kind, item.Name));
        // Who was let go may have been waited for.
        foreach (OwnerClaim lost in earlier.Except(owners)) Wake(lost, item);
    }

    void Lose(StoredObject item)
    {
        belongings.Remove(new(item.Kind, item.Name));
        foreach (OwnerClaim owner in OwnerClaim.Of(item)) Wake(owner, item);
        foreach (GarbageKey dependent in belongings.Of(item.Uid)) queue.Add(dependent);
    }

    void Wake(OwnerClaim owner, StoredObject item)
    {
        if (Place(owner, item) is { } place) queue.Add(place);
    }

    // A look at the bytes, for most objects are not: the step reads it properly.
    static bool IsHeld(StoredObject item) => item.Json.Span.IndexOf("\"deletionTimestamp\""u8) >= 0
        && (item.Json.Span.IndexOf("\"foregroundDeletion\""u8) >= 0 || item.Json.Span.IndexOf("\"orphan\""u8) >= 0);

    async Task StepAsync(GarbageKey key, CancellationToken cancellationToken)
    {
        if (await objects.FindAsync(key.Kind, key.Name, cancellationToken) is not { } item) return;
        var metadata = new Metadata(item.ToDocument());
        if (!metadata.IsDeleting) await JudgeAsync(item, metadata, cancellationToken);
        else if (metadata.Finalizers.Contains(Deletion.OrphanFinalizer)) await OrphanAsync(item, cancellationToken);
        else if (metadata.Finalizers.Contains(Deletion.ForegroundFinalizer)) await EmptyAsync(item, cancellationToken);
    }

    // Whether anybody still wants it.
    async Task JudgeAsync(StoredObject item, Metadata metadata, CancellationToken cancellationToken)
    {
        OwnerClaim[] owners = OwnerClaim.Of(item);
        if (owners.Length == 0) return;
        var states = new List<(OwnerClaim Owner, OwnerState State)>();
        foreach (OwnerClaim owner in owners) states.Add((owner, await StateOfAsync(owner, item, cancellationToken)));
        if (states.Any(static one => one.State is OwnerState.Wanting))
        {
            await ReleaseAsync(item, [.. states.Where(static one => one.State is not OwnerState.Wanting).Select(static one => one.Owner.Uid)], cancellationToken);
            return;
        }

        // Who waits for it waits for what belongs to it as well, if it is in a chain of those who do.
        bool isAwaited = states.Any(static one => one.State is OwnerState.Ending);
        Propagation propagation = isAwaited && belongings.Of(item.Uid).Length > 0 ? Propagation.Foreground : PropagationOf(metadata);
        await DeleteAsync(new(item.Kind, item.Name), new Deletion { Uid = item.Uid, Propagation = propagation }, cancellationToken);
    }

    static Propagation PropagationOf(Metadata metadata) =>
        metadata.Finalizers.Contains(Deletion.OrphanFinalizer) ? Propagation.Orphan
        : metadata.Finalizers.Contains(Deletion.ForegroundFinalizer) ? Propagation.Foreground : Propagation.Background;

    async ValueTask<OwnerState> StateOfAsync(OwnerClaim owner, StoredObject item, CancellationToken cancellationToken)
    {
        if (Place(owner, item) is not { } place) return OwnerState.Wanting;
        if (await objects.FindAsync(place.Kind, place.Name, cancellationToken) is not { } found || found.Uid != owner.Uid) return OwnerState.Gone;
        var metadata = new Metadata(found.ToDocument());
        return metadata.IsDeleting && metadata.Finalizers.Contains(Deletion.ForegroundFinalizer) ? OwnerState.Ending : OwnerState.Wanting;
    }

    // Null: nobody knows such a kind, or what has no namespace would belong to what is in one.
    GarbageKey? Place(OwnerClaim owner, StoredObject item)
    {
        if (kinds().Find(owner.Version, owner.Kind)?.Storage is not { } kind || (kind.IsNamespaced && !item.Kind.IsNamespaced)) return null;
        return new(kind, new(kind.IsNamespaced ? item.Name.Namespace : "", owner.Name));
    }

    // Deleted in the foreground: first what belongs to it.
    async Task EmptyAsync(StoredObject item, CancellationToken cancellationToken)
    {
        bool isBlocked = false;
        foreach (GarbageKey key in belongings.Of(item.Uid))
        {
            if (await objects.FindAsync(key.Kind, key.Name, cancellationToken) is not { } dependent) continue;
            if (OwnerClaim.Of(dependent).FirstOrDefault(owner => owner.Uid == item.Uid) is not { Blocks: true }) continue;
            isBlocked = true;
            queue.Add(key);
        }

        if (!isBlocked) await LetGoAsync(item, Deletion.ForegroundFinalizer, cancellationToken);
    }

    async Task OrphanAsync(StoredObject item, CancellationToken cancellationToken)
    {
        foreach (GarbageKey key in belongings.Of(item.Uid))
            if (await objects.FindAsync(key.Kind, key.Name, cancellationToken) is { } dependent) await ReleaseAsync(dependent, [item.Uid], cancellationToken);
        await LetGoAsync(item, Deletion.OrphanFinalizer, cancellationToken);
    }

    Task ReleaseAsync(StoredObject item, string[] owners, CancellationToken cancellationToken) =>
        owners.Length == 0 ? Task.CompletedTask : ChangeAsync(item, metadata => RemoveAll(metadata, "ownerReferences", one => owners.Contains(one.TextAt("uid"))), cancellationToken);

    Task LetGoAsync(StoredObject item, string finalizer, CancellationToken cancellationToken) =>
        ChangeAsync(item, metadata => RemoveAll(metadata, "finalizers", one => one?.GetValue<string>() == finalizer), cancellationToken);

    async Task ChangeAsync(StoredObject item, Func<JsonObject, bool> change, CancellationToken cancellationToken)
    {
        try
        {
            await objects.UpdateAsync(
                item.Kind, item.Name, document => document.TextAt("metadata", "uid") == item.Uid && change((JsonObject)document["metadata"]!), cancellationToken);
        }
        catch (StatusException e) when (e.Status.Code == 404)
        {
            // It is gone; that is as good.
        }
    }

    async Task DeleteAsync(GarbageKey key, Deletion deletion, CancellationToken cancellationToken)
    {
        try
        {
            await objects.DeleteAsync(key.Kind, key.Name, deletion, cancellationToken);
        }
        catch (StatusException e) when (e.Status.Code is 404 or 409)
        {
            // It is gone already, or another of its name has come: the watch tells.
        }
    }

    static bool RemoveAll(JsonObject metadata, string list, Func<JsonNode?, bool> which)
    {
        if (metadata[list] is not JsonArray all) return false;
        JsonNode?[] gone = [.. all.Where(which)];
        foreach (JsonNode? one in gone) all.Remove(one);
        if (all.Count == 0) metadata.Remove(list);
        return gone.Length > 0;
    }

    enum OwnerState
    {
        /// <summary>It is there, or may be.</summary>
        Wanting,

        /// <summary>It waits for what belongs to it to go.</summary>
        Ending,

        /// <summary>It is gone.</summary>
        Gone,
    }
}
