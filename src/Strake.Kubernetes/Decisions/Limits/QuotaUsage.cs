using System.Text.Json;
using Strake.Kubernetes.Records;
using Quantity = Strake.Kubernetes.Objects.Quantity;
using QuantityFormat = Strake.Kubernetes.Objects.QuantityFormat;

namespace Strake.Kubernetes.Decisions.Limits;

/// <summary>What objects count for in a quota.</summary>
/// <remarks>Kubernetes' <c>pkg/quota/v1/evaluator/core</c>.</remarks>
public static class QuotaUsage
{
    const string Claims = "persistentvolumeclaims";
    const string Storage = "requests.storage";
    const string ClassSuffix = ".storageclass.storage.k8s.io/";

    // Core resources that are counted by their bare names too.
    static readonly string[] s_bare = ["pods", "services", "secrets", "configmaps", "replicationcontrollers", "resourcequotas"];

    /// <summary>What a claim counts for: itself and its size, in all and in its class.</summary>
    /// <param name="claim">The claim.</param>
    public static ResourceAmounts Of(Claim claim)
    {
        // A growth that was begun counts until it is known to have been taken back: the driver may have given the size.
        Quantity size = claim.AllocatedSize is { } allocated && allocated > claim.Request ? allocated : claim.Request;
        ResourceAmounts amounts = OfCount(Claims).With(Claims, One).With(Storage, size);
        return claim.EffectiveClass.Length == 0 ? amounts : amounts
            .With($"{claim.EffectiveClass}{ClassSuffix}{Claims}", One)
            .With($"{claim.EffectiveClass}{ClassSuffix}{Storage}", size);
    }

    /// <summary>What an object counts for, of whatever kind.</summary>
    /// <param name="resource">Its resource, as <see cref="OfCount"/> has it.</param>
    /// <param name="document">The object.</param>
    public static ResourceAmounts Of(string resource, JsonElement document) => resource switch
    {
        Claims => Of(Claim.Read(document)),
        "pods" => PodUsage.Of(document),
        _ => OfCount(resource),
    };

    /// <summary>Whether objects of a resource count for anything that a quota limits.</summary>
    /// <param name="resource">The resource, as <see cref="OfCount"/> has it.</param>
    /// <param name="quota">The quota.</param>
    public static bool Concerns(string resource, Quota quota) => quota.Hard.Names.Any(name => name == $"count/{resource}" || resource switch
    {
        Claims => name is Claims or Storage || name.Contains(ClassSuffix, StringComparison.Ordinal),
        "pods" => name is "pods" or "cpu" or "memory" or "ephemeral-storage" || name.StartsWith("limits.", StringComparison.Ordinal)
            || (name.StartsWith("requests.", StringComparison.Ordinal) && name != Storage),
        _ => name == resource && s_bare.Contains(resource),
    });

    /// <summary>What any object counts for.</summary>
    /// <param name="resource">Its resource in the plural, with the group after a dot when it has one: <c>configmaps</c>, <c>statefulsets.apps</c>.</param>
    public static ResourceAmounts OfCount(string resource)
    {
        ResourceAmounts amounts = ResourceAmounts.Of(($"count/{resource}", One));
        return s_bare.Contains(resource) ? amounts.With(resource, One) : amounts;
    }

    /// <summary>What a namespace has of what a quota limits.</summary>
    /// <param name="quota">The quota.</param>
    /// <param name="objects">What the objects of its namespace count for, each by <see cref="Of(string, JsonElement)"/>.</param>
    public static ResourceAmounts In(Quota quota, IEnumerable<ResourceAmounts> objects) => objects
        .Aggregate(ResourceAmounts.Empty.Only(quota.Hard.Names), (sum, next) => next.Where(amount => quota.Hard.Has(amount.Key)).Aggregate(sum, Plus));

    static ResourceAmounts Plus(ResourceAmounts sum, KeyValuePair<string, Quantity> amount) => sum.With(amount.Key, sum[amount.Key].Plus(amount.Value));

    static Quantity One { get; } = Quantity.Of(1, QuantityFormat.DecimalSI);
}
