using System.Text.Json;
using Strake.Kubernetes.Records;
using Quantity = Strake.Kubernetes.Objects.Quantity;
using QuantityFormat = Strake.Kubernetes.Objects.QuantityFormat;

namespace Strake.Kubernetes.Decisions.Limits;

/// <summary>What pods count for in a quota: themselves, and what their containers ask for and may have.</summary>
/// <remarks>Kubernetes' <c>pkg/quota/v1/evaluator/core/pods.go</c>.</remarks>
public static class PodUsage
{
    const string Requests = "requests.";
    const string Limits = "limits.";

    // Of these the request is counted by the bare name too, and a quota on them wants every container to say something.
    static readonly string[] s_compute = ["cpu", "memory", "ephemeral-storage"];

    /// <summary>What a pod counts for; one that has ended only for being there.</summary>
    /// <param name="pod">The pod's document.</param>
    public static ResourceAmounts Of(JsonElement pod)
    {
        ResourceAmounts there = ResourceAmounts.Of(("count/pods", Quantity.Of(1, QuantityFormat.DecimalSI)));
        if (pod.At("status").Text("phase") is "Succeeded" or "Failed") return there;
        JsonElement spec = pod.At("spec");
        ResourceAmounts requests = Sum(spec, "requests"), all = there.With("pods", Quantity.Of(1, QuantityFormat.DecimalSI));
        foreach ((string name, Quantity amount) in requests)
        {
            all = all.With(Requests + name, amount);
            if (s_compute.Contains(name)) all = all.With(name, amount);
        }

        return Sum(spec, "limits").Aggregate(all, static (sum, next) => sum.With(Limits + next.Key, next.Value));
    }

    /// <summary>What a quota limits and containers of a pod do not say, as Kubernetes tells it; null when nothing is missing.</summary>
    /// <param name="quota">The quota.</param>
    /// <param name="pod">The pod's document.</param>
    public static string? MissingFor(Quota quota, JsonElement pod)
    {
        string[] missing = [.. quota.Hard.Names.Where(IsCompute).Select(name => Missing(name, pod.At("spec"))).OfType<string>()];
        return missing.Length == 0 ? null : $"failed quota: {quota.Metadata.Name}: must specify {string.Join("; ", missing)}";
    }

    static bool IsCompute(string name) => s_compute.Contains(Bare(name));

    static string Bare(string name) => name.StartsWith(Requests, StringComparison.Ordinal) ? name[Requests.Length..]
        : name.StartsWith(Limits, StringComparison.Ordinal) ? name[Limits.Length..] : name;

    static string? Missing(string name, JsonElement spec)
    {
        string list = name.StartsWith(Limits, StringComparison.Ordinal) ? "limits" : "requests";
        string[] silent = [.. Containers(spec, "containers").Concat(Containers(spec, "initContainers"))
            .Where(container => !container.At("resources", list).Has(Bare(name))).Select(static container => container.Text("name")).Order(StringComparer.Ordinal)];
        return silent.Length == 0 ? null : $"{name} for: {string.Join(',', silent)}";
    }

    // Init containers run one after the other, before the others: the largest counts where it is more.
    static ResourceAmounts Sum(JsonElement spec, string list)
    {
        ResourceAmounts sum = Containers(spec, "containers").Select(container => ResourceAmounts.Read(container.At("resources", list)))
            .Aggregate(ResourceAmounts.Empty, static (all, next) => all.Plus(next));
        foreach (JsonElement container in Containers(spec, "initContainers"))
            foreach ((string name, Quantity amount) in ResourceAmounts.Read(container.At("resources", list)))
                if (amount > sum[name]) sum = sum.With(name, amount);
        return sum.Plus(ResourceAmounts.Read(spec.At("overhead")));
    }

    static ValueList<JsonElement> Containers(JsonElement spec, string list) => spec.List(list, static container => container);
}
