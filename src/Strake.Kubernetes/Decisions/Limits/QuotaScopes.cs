using System.Text.Json;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Limits;

/// <summary>Which objects a quota with scopes counts: pods and claims that are of all of them.</summary>
/// <remarks>Kubernetes' <c>pkg/quota/v1/evaluator/core</c>, <c>podMatchesScopeFunc</c> and <c>pvcMatchesScopeFunc</c>.</remarks>
public static class QuotaScopes
{
    /// <summary>The scopes that there are.</summary>
    public static IReadOnlyList<string> Known { get; } =
        ["Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity", "VolumeAttributesClass"];

    /// <summary>Whether a quota counts an object.</summary>
    /// <param name="quota">The quota.</param>
    /// <param name="resource">The object's plural, with the group after a dot when it has one.</param>
    /// <param name="document">The object.</param>
    public static bool Cover(Quota quota, string resource, JsonElement document) => quota.Scopes.All(scope => resource switch
    {
        "pods" => CoversPod(scope, document),
        "persistentvolumeclaims" => scope.Key is "VolumeAttributesClass" && scope.IsMetBy(NotEmpty(document.At("spec").Text("volumeAttributesClassName"))),
        _ => false,
    });

    static bool CoversPod(SelectorRequirement scope, JsonElement pod)
    {
        JsonElement spec = pod.At("spec");
        bool ends = spec.Has("activeDeadlineSeconds"), isBestEffort = pod.At("status").Text("qosClass") is "BestEffort" or "";
        return scope.Key switch
        {
            "Terminating" => ends,
            "NotTerminating" => !ends,
            "BestEffort" => isBestEffort,
            "NotBestEffort" => !isBestEffort,
            "PriorityClass" => scope.IsMetBy(NotEmpty(spec.Text("priorityClassName"))),
            "CrossNamespacePodAffinity" => LooksBeyond(spec.At("affinity", "podAffinity")) || LooksBeyond(spec.At("affinity", "podAntiAffinity")),
            _ => false,
        };
    }

    static bool LooksBeyond(JsonElement affinity) =>
        affinity.List("requiredDuringSchedulingIgnoredDuringExecution", static term => term)
            .Concat(affinity.List("preferredDuringSchedulingIgnoredDuringExecution", static preferred => preferred.At("podAffinityTerm")))
            .Any(static term => term.Texts("namespaces").Count > 0 || term.Has("namespaceSelector"));

    static string? NotEmpty(string text) => text.Length > 0 ? text : null;
}
