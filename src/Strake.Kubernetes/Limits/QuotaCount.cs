using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Decisions.Limits;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Records;
using StoredObject = Strake.Kubernetes.Objects.StoredObject;

namespace Strake.Kubernetes.Limits;

/// <summary>What there is of what a quota limits, counted in the store, and how it is written down.</summary>
/// <param name="objects">The objects.</param>
/// <param name="kinds">The kinds that there are.</param>
sealed class QuotaCount(ObjectStore objects, Func<KindCatalog> kinds)
{
    /// <summary>Counts. Costs a read of all objects of the kinds that the quota limits.</summary>
    /// <remarks>
    /// A quota that was read before the count, and that nobody has written when the result is written, has missed no creation: each writes the quota in its own
    /// transaction. Deletions do not, and are counted anew after each.
    /// </remarks>
    public async ValueTask<ResourceAmounts> InAsync(Quota quota, CancellationToken cancellationToken)
    {
        List<ResourceAmounts> amounts = [];
        foreach (ResourceKind kind in kinds().Stored.Where(kind => kind.IsNamespaced && QuotaUsage.Concerns(kind.QualifiedPlural, quota)))
            foreach (StoredObject one in (await objects.ListAsync(kind, quota.Metadata.Namespace, cancellationToken)).Items) amounts.Add(UsageOf(quota, one));
        return QuotaUsage.In(quota, amounts);
    }

    /// <summary>The quota with what is used of it.</summary>
    public static ObjectWrite Write(StoredObject stored, Quota quota, ResourceAmounts used)
    {
        JsonObject document = stored.ToDocument();
        document["status"] = new JsonObject { ["hard"] = ToJson(quota.Hard), ["used"] = ToJson(used) };
        return new(stored, document);
    }

    /// <summary>Reads a quota.</summary>
    public static Quota Read(StoredObject stored)
    {
        using JsonDocument document = stored.Parse();
        return Quota.Read(document.RootElement);
    }

    // Most kinds count by being there alone, and need not be read for that.
    static ResourceAmounts UsageOf(Quota quota, StoredObject stored)
    {
        if (stored.Kind != PersistentVolumeClaimKind.Kind && stored.Kind != PodKind.Kind)
            return quota.Scopes.Count > 0 ? ResourceAmounts.Empty : QuotaUsage.OfCount(stored.Kind.QualifiedPlural);
        using JsonDocument document = stored.Parse();
        if (!QuotaScopes.Cover(quota, stored.Kind.QualifiedPlural, document.RootElement)) return ResourceAmounts.Empty;
        return QuotaUsage.Of(stored.Kind.QualifiedPlural, document.RootElement);
    }

    static JsonObject ToJson(ResourceAmounts amounts) => new(amounts.Select(static amount => KeyValuePair.Create(amount.Key, (JsonNode?)JsonValue.Create(amount.Value.ToString()))));
}
