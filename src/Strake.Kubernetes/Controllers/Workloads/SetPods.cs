using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Controllers.Binding;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Workloads;

/// <summary>From a set to the documents of its pods and their claims.</summary>
static class SetPods
{
    /// <summary>A pod of a set.</summary>
    /// <param name="stored">The set's object.</param>
    /// <param name="set">The set.</param>
    /// <param name="ordinal">The pod's number.</param>
    /// <param name="template">The template that it is made of.</param>
    /// <param name="revision">The template's revision.</param>
    public static JsonObject Pod(StoredObject stored, StatefulSet set, int ordinal, JsonElement template, string revision)
    {
        string name = set.PodName(ordinal), number = ordinal.ToString(CultureInfo.InvariantCulture);
        JsonObject pod = PodTemplate.Pod(
            template, OwnerReference.ControllerOf("apps/v1", "StatefulSet", set.Metadata),
            ("statefulset.kubernetes.io/pod-name", name), ("apps.kubernetes.io/pod-index", number), (SetRevisions.Label, revision));
        pod.Child("metadata")["name"] = name;
        JsonObject spec = pod.Child("spec");
        spec["hostname"] = name;
        spec.WithText("subdomain", stored.Document.At("spec").Text("serviceName"));
        if (set.ClaimTemplates.Count > 0) spec["volumes"] = Volumes(spec["volumes"] as JsonArray, set, name);
        return pod;
    }

    /// <summary>A claim of a pod.</summary>
    /// <param name="stored">The set's object.</param>
    /// <param name="template">The claim's template.</param>
    /// <param name="name">The claim's name.</param>
    public static JsonObject Claim(StoredObject stored, ClaimTemplate template, string name)
    {
        JsonElement given = stored.Document.At("spec").List("volumeClaimTemplates", static one => one).First(one => one.At("metadata").Text("name") == template.Name);
        JsonObject claim = JsonObject.Create(given)!;
        foreach (string member in (string[])["apiVersion", "kind", "status"]) claim.Remove(member);
        JsonObject metadata = claim.Child("metadata");
        foreach (string member in (string[])["namespace", "creationTimestamp", "uid", "resourceVersion"]) metadata.Remove(member);
        metadata["name"] = name;
        foreach ((string label, string text) in stored.Document.At("spec", "selector").Map("matchLabels")) metadata.Child("labels")[label] = text;
        return claim;
    }

    // A volume of the template that has a claim's name is the claim's.
    static JsonArray Volumes(JsonArray? given, StatefulSet set, string pod)
    {
        var volumes = new JsonArray([.. (given ?? []).Where(volume => set.ClaimTemplates.All(template => template.Name != volume?["name"]?.GetValue<string>())).Select(static volume => volume?.DeepClone())]);
        foreach (ClaimTemplate template in set.ClaimTemplates)
            volumes.Add((JsonNode)new JsonObject { ["name"] = template.Name, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = template.ClaimOf(pod) } });
        return volumes;
    }
}
