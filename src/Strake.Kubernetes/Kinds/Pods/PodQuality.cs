using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>How sure a pod can be of what it asked for, its class of quality of service.</summary>
/// <remarks>Kubernetes' <c>pkg/apis/core/v1/helper/qos</c>: processors and memory alone count.</remarks>
public static class PodQuality
{
    /// <summary>Of a pod whose containers ask for nothing.</summary>
    public const string BestEffort = "BestEffort";

    static readonly string[] s_resources = ["cpu", "memory"];

    /// <summary>The class of a pod.</summary>
    /// <param name="spec">Its specification.</param>
    /// <returns>Guaranteed: every container has limits, and asks for all of them. Burstable: one asks for something. BestEffort: none does.</returns>
    public static string Of(JsonNode? spec)
    {
        JsonNode?[] resources = [.. spec.ItemsAt("containers").Concat(spec.ItemsAt("initContainers")).Select(static container => container.At("resources"))];
        if (!resources.Any(static one => s_resources.Any(name => Has(one, "requests", name) || Has(one, "limits", name)))) return BestEffort;
        return resources.All(static one => s_resources.All(name => IsSure(one, name))) ? "Guaranteed" : "Burstable";
    }

    static bool IsSure(JsonNode? resources, string name) =>
        Has(resources, "limits", name) && (!Has(resources, "requests", name) || AmountOf(resources, "requests", name) == AmountOf(resources, "limits", name));

    static bool Has(JsonNode? resources, string list, string name) => !AmountOf(resources, list, name).IsZero;

    static Quantity AmountOf(JsonNode? resources, string list, string name) =>
        resources.At(list, name) is JsonValue value && Quantity.TryParse(value.ToString(), out Quantity amount) ? amount : Quantity.Zero;
}
