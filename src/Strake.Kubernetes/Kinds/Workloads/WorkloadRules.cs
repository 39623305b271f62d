using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>What all kinds with a number of pods and a template have in common.</summary>
static class WorkloadRules
{
    /// <summary>Completes the template, and the status' count.</summary>
    public static void Complete(JsonObject document)
    {
        if (document.ObjectAt("spec", "template", "spec") is { } template) PodRules.CompleteSpec(template);
        if (document["status"] is not JsonObject status) document["status"] = status = [];
        status["replicas"] ??= 0;
    }

    /// <summary>Says what is wrong with the number, the selector and the template.</summary>
    public static void Validate(JsonObject document, JsonObject? old, FaultList faults)
    {
        if (document.NumberAt("spec", "replicas") is { } replicas and < 0)
            faults.Add(Fault.Invalid("spec.replicas", replicas.ToString(CultureInfo.InvariantCulture), "must be greater than or equal to 0"));
        JsonObject? labels = document.ObjectAt("spec", "template", "metadata", "labels");
        foreach ((string name, JsonNode? value) in document.ObjectAt("spec", "selector", "matchLabels") ?? [])
        {
            if (labels.TextAt(name) == value?.GetValue<string>()) continue;
            faults.Add(Fault.Invalid("spec.template.metadata.labels", labels?.ToJsonString() ?? "null", "`selector` does not match template `labels`"));
            break;
        }

        if (document.ObjectAt("spec", "template", "spec") is { } template)
            PodRules.ValidateSpec(WithClaims(template, document.ItemsAt("spec", "volumeClaimTemplates")), "spec.template.spec", faults);
        if (document.TextAt("spec", "template", "spec", "restartPolicy") is { } policy and not "Always") faults.Add(Fault.Unsupported("spec.template.spec.restartPolicy", policy, ["Always"]));
        if (old is not null && !JsonNode.DeepEquals(old.At("spec", "selector"), document.At("spec", "selector")))
            faults.Add(Fault.Invalid("spec.selector", document.At("spec", "selector")?.ToJsonString() ?? "null", "field is immutable"));
    }

    // As the pods will be: what a stateful set's claims are called can be mounted.
    static JsonObject WithClaims(JsonObject template, IEnumerable<JsonNode?> claims)
    {
        string[] names = [.. claims.Select(static claim => claim.TextAt("metadata", "name")).OfType<string>()];
        if (names.Length == 0) return template;
        var pod = (JsonObject)template.DeepClone();
        if (pod["volumes"] is not JsonArray volumes) pod["volumes"] = volumes = [];
        foreach (string name in names) volumes.Add((JsonNode)new JsonObject { ["name"] = name, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = name } });
        return pod;
    }

    /// <summary>Pods that are ready, and wanted.</summary>
    public static string Ready(JsonElement item) =>
        string.Create(CultureInfo.InvariantCulture, $"{item.NumberAt("status", "readyReplicas") ?? 0}/{item.NumberAt("spec", "replicas") ?? 1}");

    /// <summary>The template's containers.</summary>
    public static string ContainerNames(JsonElement item) => Joined(item, "name");

    /// <summary>The images of the template's containers.</summary>
    public static string ContainerImages(JsonElement item) => Joined(item, "image");

    static string Joined(JsonElement item, string member) =>
        string.Join(',', item.ItemsAt("spec", "template", "spec", "containers").Select(container => container.TextAt(member)));
}
