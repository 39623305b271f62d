using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Decisions.Limits;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>What a namespace may have.</summary>
public static class ResourceQuotaKind
{
    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "", Kind = "ResourceQuota", Plural = "resourcequotas", ShortNames = ["quota"],
        IsNamespaced = true, HasStatus = true,
        Describe = static () => NamespaceSchema.ResourceQuota,
        Validate = Validate,
        Columns =
        [
            Columns.Name,
            Columns.Text("Request", "What is used and allowed of requests and counts.", static item => Usage(item, isLimit: false)),
            Columns.Text("Limit", "What is used and allowed of limits.", static item => Usage(item, isLimit: true)),
            Columns.Age,
        ],
    };

    static string Usage(JsonElement item, bool isLimit) => string.Join(
        ", ", item.MembersAt("status", "hard").Where(hard => hard.Name.StartsWith("limits.", StringComparison.Ordinal) == isLimit).OrderBy(static hard => hard.Name, StringComparer.Ordinal)
            .Select(hard => $"{hard.Name}: {item.TextAt("status", "used", hard.Name) ?? "0"}/{hard.Value.GetString()}"));

    static void ValidateScopes(string[] scopes, string at, FaultList faults)
    {
        foreach (string scope in scopes.Where(static scope => !QuotaScopes.Known.Contains(scope))) faults.Add(Fault.InvalidText(at, scope, "unsupported scope"));
        foreach (string scope in (string[])["Terminating", "BestEffort"])
            if (scopes.Contains(scope) && scopes.Contains($"Not{scope}")) faults.Add(Fault.InvalidText(at, $"[{string.Join(' ', scopes)}]", "conflicting scopes"));
    }

    static void Validate(JsonObject document, JsonObject? old, FaultList faults)
    {
        foreach ((string name, JsonNode? value) in document.ObjectAt("spec", "hard") ?? [])
            if (Quantity.Parse(value!.GetValue<string>()) < Quantity.Zero) faults.Add(Fault.InvalidText($"spec.hard[{name}]", value.GetValue<string>(), "must be greater than or equal to 0"));
        ValidateScopes([.. document.ItemsAt("spec", "scopes").Select(static one => one?.GetValue<string>() ?? "")], "spec.scopes", faults);
        ValidateScopes(
            [.. document.ItemsAt("spec", "scopeSelector", "matchExpressions").Select(static one => one.TextAt("scopeName") ?? "")], "spec.scopeSelector.matchExpressions.scopeName", faults);
        if (old is not null && !JsonNode.DeepEquals(old.At("spec", "scopes"), document.At("spec", "scopes"))) faults.Add(Fault.Invalid("spec.scopes", document.At("spec", "scopes")?.ToJsonString() ?? "null", "field is immutable"));
    }
}
