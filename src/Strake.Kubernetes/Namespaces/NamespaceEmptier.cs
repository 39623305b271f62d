using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes;

/// <summary>Makes the namespaces that are always there, and ends those that were deleted: what is in them goes first.</summary>
/// <remarks>
/// Nothing new can come into a namespace that is ending (<see cref="ObjectStore.CreateAsync"/>), so that empty stays empty. What finalizers hold
/// keeps the namespace until they are gone; each deletion of an object in it is a reason to look again.
/// </remarks>
/// <param name="objects">The objects.</param>
/// <param name="kinds">The kinds that there are.</param>
public sealed class NamespaceEmptier(ObjectStore objects, Func<KindCatalog> kinds)
{
    /// <summary>Makes the namespaces that are always there.</summary>
    /// <remarks>Idempotent.</remarks>
    public async Task EnsurePermanentAsync(CancellationToken cancellationToken)
    {
        foreach (string name in NamespaceKind.Permanent)
        {
            if (await objects.FindAsync(NamespaceKind.Kind, new("", name), cancellationToken) is not null) continue;
            var document = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } };
            NamespaceKind.Kind.Complete!(document);
            await objects.CreateAsync(NamespaceKind.Kind, document, isDryRun: false, cancellationToken);
        }
    }

    /// <summary>Ends namespaces until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // From before the first look, so that nothing falls between the two.
        long from = objects.Revision + 1;
        foreach (StoredObject one in (await objects.ListAsync(NamespaceKind.Kind, null, cancellationToken)).Items) await LookAsync(one.Name.Name, cancellationToken);
        await foreach (string name in objects.WatchEndingsAsync(from, cancellationToken)) await LookAsync(name, cancellationToken);
    }

    async Task LookAsync(string name, CancellationToken cancellationToken)
    {
        StoredObject? home = await objects.FindAsync(NamespaceKind.Kind, new("", name), cancellationToken);
        if (home is null || !new Metadata(home.ToDocument()).IsDeleting) return;
        if (await EmptyAsync(name, cancellationToken)) await ReleaseAsync(home.Name, cancellationToken);
    }

    // Whether nothing is left.
    async Task<bool> EmptyAsync(string name, CancellationToken cancellationToken)
    {
        bool isEmpty = true;
        foreach (ResourceKind kind in kinds().All.Where(static kind => kind.IsNamespaced && kind.StoredAs is null))
        {
            foreach (StoredObject one in (await objects.ListAsync(kind, name, cancellationToken)).Items)
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

        return isEmpty;
    }

    async Task ReleaseAsync(ObjectName name, CancellationToken cancellationToken)
    {
        try
        {
            await objects.UpdateAsync(
                NamespaceKind.Kind, name,
                static document =>
                {
                    if (document.At("spec", "finalizers") is not JsonArray held) return false;
                    foreach (JsonNode? one in held.Where(static one => one?.GetValue<string>() == NamespaceKind.ContentFinalizer).ToArray()) held.Remove(one);
                    return true;
                },
                cancellationToken);
        }
        catch (StatusException e) when (e.Status.Code == 404)
        {
            // It is gone already.
        }
    }
}
