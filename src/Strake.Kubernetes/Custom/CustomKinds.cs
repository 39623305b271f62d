using System.Text.Json.Nodes;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes;

/// <summary>The kinds that there are: the built-in ones, and those that definitions define. Safe for threads.</summary>
/// <param name="objects">Where the definitions are.</param>
public sealed class CustomKinds(ObjectStore objects)
{
    readonly SemaphoreSlim turn = new(1, 1);
    (int Count, long Newest) known;
    ServedKinds served = new(KindCatalog.BuiltIn);

    /// <summary>The kinds as they were at the last look.</summary>
    public ServedKinds Served => Volatile.Read(ref served);

    /// <summary>Looks at the definitions. Cheap when nothing has changed.</summary>
    /// <returns>The kinds as they are.</returns>
    public async Task<ServedKinds> LookAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            IReadOnlyList<StoredObject> definitions = (await objects.ListAsync(CustomResourceDefinitionKind.Kind, null, cancellationToken)).Items;
            // A definition that goes makes fewer of them, any other change a newer one.
            (int, long) state = (definitions.Count, definitions.Select(static one => one.Revision).DefaultIfEmpty(0).Max());
            if (state == known) return served;
            Volatile.Write(ref served, new ServedKinds(KindCatalog.BuiltIn.With(definitions.SelectMany(KindsOf))));
            known = state;
            return served;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Keeps up with definitions, and empties those that were deleted, until it is cancelled.</summary>
    /// <exception cref="StatusException">The watch was too slow for the store's history: it has ended, and may be run again.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        long from = objects.Revision + 1;
        await LookAsync(cancellationToken);
        foreach (StoredObject definition in (await objects.ListAsync(CustomResourceDefinitionKind.Kind, null, cancellationToken)).Items) await EndAsync(definition.Name, cancellationToken);
        await foreach (ObjectEvent change in objects.WatchAllAsync(() => Served.Catalog, from, cancellationToken))
        {
            ResourceKind kind = change.Object.Kind;
            if (kind == CustomResourceDefinitionKind.Kind)
            {
                await LookAsync(cancellationToken);
                await EndAsync(change.Object.Name, cancellationToken);
            }
            else if (kind.IsCustom && change.Kind is ObjectEventKind.Deleted)
            {
                await EndAsync(new("", kind.QualifiedPlural), cancellationToken);
            }
        }
    }

    // Whoever brings along what is built in, such as snapshots, gets what is built in.
    static IEnumerable<ResourceKind> KindsOf(StoredObject definition) =>
        CustomKind.AllOf(definition.ToDocument()).Where(static kind => KindCatalog.BuiltIn.FindStored(kind.Group, kind.Plural) is null);

    async Task EndAsync(ObjectName name, CancellationToken cancellationToken)
    {
        StoredObject? definition = await objects.FindAsync(CustomResourceDefinitionKind.Kind, name, cancellationToken);
        if (definition is null || !new Metadata(definition.ToDocument()).IsDeleting) return;
        bool isEmpty = true;
        foreach (ResourceKind kind in KindsOf(definition).Take(1))
        {
            foreach (StoredObject one in (await objects.ListAsync(kind, null, cancellationToken)).Items)
            {
                try
                {
                    isEmpty &= (await objects.DeleteAsync(kind, one.Name, new Deletion(), cancellationToken)).IsGone;
                }
                catch (StatusException e) when (e.Status.Code == 404)
                {
                    // Someone was faster; that is as good.
                }
            }
        }

        if (isEmpty) await ReleaseAsync(name, cancellationToken);
    }

    async Task ReleaseAsync(ObjectName name, CancellationToken cancellationToken)
    {
        try
        {
            await objects.UpdateAsync(CustomResourceDefinitionKind.Kind, name, LetGo, cancellationToken);
            await LookAsync(cancellationToken);
        }
        catch (StatusException e) when (e.Status.Code == 404)
        {
            // It is gone already.
        }
    }

    static bool LetGo(JsonObject document)
    {
        if (document.At("metadata", "finalizers") is not JsonArray held) return false;
        JsonNode? own = held.FirstOrDefault(static one => one?.GetValue<string>() == CustomResourceDefinitionKind.CleanupFinalizer);
        return own is not null && held.Remove(own);
    }
}
