using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Scheduling;

/// <summary>The claim of a volume that a pod has for itself alone: it belongs to the pod, and goes with it. Pure.</summary>
static class EphemeralClaim
{
    /// <summary>The claim.</summary>
    /// <param name="pod">The pod's document.</param>
    /// <param name="volume">The pod's volume.</param>
    public static JsonObject Of(JsonElement pod, PodVolume volume)
    {
        JsonElement metadata = pod.At("metadata");
        JsonElement template = pod.At("spec").List("volumes", static item => item).First(item => item.Text("name") == volume.Name).At("ephemeral", "volumeClaimTemplate");
        JsonObject own = template.At("metadata") is { ValueKind: JsonValueKind.Object } given ? JsonObject.Create(given.Clone())! : [];
        own["name"] = volume.ClaimName;
        own["namespace"] = metadata.Text("namespace");
        own["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["name"] = metadata.Text("name"),
            ["uid"] = metadata.Text("uid"),
            ["controller"] = true,
            ["blockOwnerDeletion"] = true,
        });
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolumeClaim",
            ["metadata"] = own,
            ["spec"] = template.At("spec") is { ValueKind: JsonValueKind.Object } spec ? JsonObject.Create(spec.Clone()) : new JsonObject(),
        };
    }
}
