using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Definitions of kinds that users bring along.</summary>
/// <remarks>Rules: <c>apiextensions-apiserver/pkg/apis/apiextensions/validation</c>.</remarks>
public static class CustomResourceDefinitionKind
{
    /// <summary>Holds a definition until its objects are gone.</summary>
    public const string CleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "apiextensions.k8s.io", Kind = "CustomResourceDefinition", Plural = "customresourcedefinitions", ShortNames = ["crd", "crds"],
        Categories = ["api-extensions"], HasStatus = true, HasGeneration = true,
        Describe = static () => CustomResourceDefinitionSchema.CustomResourceDefinition,
        Complete = Complete,
        Validate = Validate,
        Columns = [Columns.Name, new("Created At", "date", "When it was created.", static (item, _) => item.TextAt("metadata", "creationTimestamp") ?? "")],
    };

    // The names are served as soon as the definition is there: what Kubernetes' controllers find out later is so from the start.
    static void Complete(JsonObject document)
    {
        if (document["spec"] is not JsonObject spec || spec["names"] is not JsonObject names) return;
        names["singular"] ??= (names.TextAt("kind") ?? "").ToLowerInvariant();
        names["listKind"] ??= names.TextAt("kind") + "List";
        spec["conversion"] ??= new JsonObject { ["strategy"] = "None" };
        var metadata = new Metadata(document);
        if (!metadata.IsDeleting && !metadata.Finalizers.Contains(CleanupFinalizer))
        {
            if (metadata.Json["finalizers"] is not JsonArray finalizers) metadata.Json["finalizers"] = finalizers = [];
            finalizers.Add((JsonNode?)JsonValue.Create(CleanupFinalizer));
        }

        if (document["status"] is not JsonObject status) document["status"] = status = [];
        status["acceptedNames"] = names.DeepClone();
        status["storedVersions"] ??= new JsonArray([.. spec.ItemsAt("versions").Where(static one => one.FlagAt("storage") is true).Select(static one => one?["name"]?.DeepClone())]);
        status["conditions"] ??= new JsonArray(
            Condition("NamesAccepted", "NoConflicts", "no conflicts found"), Condition("Established", "InitialNamesAccepted", "the initial names have been accepted"));
    }

    static JsonObject Condition(string type, string reason, string message) => new() { ["type"] = type, ["status"] = "True", ["reason"] = reason, ["message"] = message };

    static void Validate(JsonObject document, JsonObject? old, FaultList faults)
    {
        JsonNode? spec = document["spec"];
        string group = spec.TextAt("group") ?? "", plural = spec.TextAt("names", "plural") ?? "";
        if (!group.Contains('.', StringComparison.Ordinal)) faults.Add(Fault.InvalidText("spec.group", group, "should be a domain with at least one dot"));
        string name = new Metadata(document).Name;
        if (name != $"{plural}.{group}") faults.Add(Fault.InvalidText("metadata.name", name, "must be spec.names.plural+\".\"+spec.group"));
        JsonObject[] versions = [.. spec.ItemsAt("versions").OfType<JsonObject>()];
        if (versions.Count(static one => one.FlagAt("storage") is true) != 1)
            faults.Add(Fault.Invalid("spec.versions", $"[{string.Join(", ", versions.Select(static one => one.TextAt("name")))}]", "must have exactly one version marked as storage version"));
        for (int i = 0; i < versions.Length; i++) CheckVersion(versions[i], $"spec.versions[{i}]", faults);
        if (spec.TextAt("conversion", "strategy") is { } strategy and not "None") faults.Add(Fault.Unsupported("spec.conversion.strategy", strategy, ["None"]));
        if (old is null) return;
        foreach (string[] path in (string[][])[["group"], ["scope"], ["names", "plural"], ["names", "kind"]])
            if (old["spec"].TextAt(path) != spec.TextAt(path)) faults.Add(Fault.InvalidText($"spec.{string.Join('.', path)}", spec.TextAt(path) ?? "", "field is immutable"));
    }

    static void CheckVersion(JsonObject version, string at, FaultList faults)
    {
        if (version.ObjectAt("schema", "openAPIV3Schema") is not { } schema) faults.Add(Fault.Required($"{at}.schema.openAPIV3Schema", "schemas are required"));
        else if (schema.TextAt("type") != "object") faults.Add(Fault.Invalid($"{at}.schema.openAPIV3Schema.type", $"\"{schema.TextAt("type")}\"", "must be object at the root"));
    }
}
