using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers;

/// <summary>The objects of the API as controllers see them. What a controller makes gets the defaults that a user's object gets.</summary>
/// <param name="objects">The objects.</param>
/// <param name="kinds">The kinds that are served; the first of a plural is the one that controllers mean.</param>
public sealed class ObjectAccess(ObjectStore objects, KindCatalog kinds) : IObjectStore
{
    readonly Dictionary<string, ResourceKind> byPlural = kinds.All
        .Where(static kind => kind.StoredAs is null).GroupBy(static kind => kind.Plural, StringComparer.Ordinal)
        .ToDictionary(static kinds => kinds.Key, static kinds => kinds.First(), StringComparer.Ordinal);

    /// <inheritdoc/>
    /// <remarks>The lists are made one after the other: the revision is that of the first, and a watch from it tells again what the others have already.</remarks>
    public async ValueTask<ObjectList> ListAsync(IReadOnlyCollection<string> resources, CancellationToken cancellationToken)
    {
        long revision = objects.Revision;
        List<StoredObject> all = [];
        foreach (string resource in resources)
            all.AddRange((await objects.ListAsync(KindOf(resource), null, cancellationToken)).Items.Select(Of));
        return new(revision, all);
    }

    /// <inheritdoc/>
    public async ValueTask<StoredObject?> FindAsync(ObjectId id, CancellationToken cancellationToken) =>
        await objects.FindAsync(KindOf(id.Resource), new ObjectName(id.Key.Namespace, id.Key.Name), cancellationToken) is { } found ? Of(found) : null;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredObject>?> TryWriteAsync(IReadOnlyList<ObjectWrite> writes, CancellationToken cancellationToken) =>
        await objects.TryWriteAsync([.. writes.Select(Of)], cancellationToken) is { } after ? [.. after.Select(Of)] : null;

    /// <inheritdoc/>
    /// <exception cref="StatusException">Expired: the history is forgotten; list anew.</exception>
    public async IAsyncEnumerable<ObjectChange> WatchAsync(
        IReadOnlyCollection<string> resources, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ResourceKind[] watched = [.. resources.Select(KindOf)];
        await foreach (ObjectEvent change in objects.WatchAsync(watched, afterRevision + 1, cancellationToken))
        {
            StoredObject after = Of(change.Object);
            yield return new(after.Id, after.Revision, change.Kind is ObjectEventKind.Deleted ? null : after);
        }
    }

    Objects.ObjectWrite Of(ObjectWrite write)
    {
        ResourceKind kind = KindOf(write.Id.Resource);
        var name = new ObjectName(write.Id.Key.Namespace, write.Id.Key.Name);
        if (write is { ExpectedRevision: 0, Document: { } document }) Complete(kind, name, document);
        return new(kind, name, write.ExpectedRevision, write.Document);
    }

    static void Complete(ResourceKind kind, ObjectName name, JsonObject document)
    {
        SchemaDefaults.Apply(document, kind.Schema);
        kind.Complete?.Invoke(document);
        var metadata = new Objects.Metadata(document) { Name = name.Name };
        if (kind.IsNamespaced) metadata.Namespace = name.Namespace;
    }

    /// <summary>An object as controllers see it.</summary>
    internal static StoredObject Of(Objects.StoredObject item) =>
        new(new(item.Kind.Plural, new ObjectKey(item.Name.Namespace, item.Name.Name)), item.Revision, item.Json);

    ResourceKind KindOf(string resource) =>
        byPlural.GetValueOrDefault(resource) ?? throw new InvalidOperationException($"there is no kind {resource}");
}
