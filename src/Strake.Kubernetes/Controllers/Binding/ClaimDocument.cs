using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Binding;

/// <summary>How what was decided of a claim gets into its document: only what differs is touched, so that fields that nobody here knows stay.</summary>
static class ClaimDocument
{
    /// <summary>The document as it shall be.</summary>
    /// <param name="document">The document as it is.</param>
    /// <param name="before">The claim that it is.</param>
    /// <param name="after">The claim that it shall be.</param>
    /// <param name="now">When; for conditions that begin now.</param>
    public static JsonObject With(JsonElement document, Claim before, Claim after, DateTimeOffset now = default)
    {
        JsonObject copy = JsonObject.Create(document)!;
        MetadataDocument.Apply(copy, before.Metadata, after.Metadata);
        JsonObject spec = copy.Child("spec"), status = copy.Child("status");
        spec.SetText("volumeName", before.VolumeName, after.VolumeName);
        if (before.ClassName != after.ClassName) spec["storageClassName"] = after.ClassName;
        status["phase"] = after.Phase.ToString();
        status.SetText("currentVolumeAttributesClassName", before.CurrentAttributesClass, after.CurrentAttributesClass);
        if (before.GrantedModes != after.GrantedModes)
        {
            status.Remove("accessModes");
            status.WithTexts("accessModes", after.GrantedModes.Words());
        }

        if (before.Capacity != after.Capacity)
        {
            status.Remove("capacity");
            if (after.Capacity is { } capacity) status["capacity"] = new JsonObject { ["storage"] = capacity.ToString() };
        }

        if (before.AllocatedSize != after.AllocatedSize) SetStorage(status, "allocatedResources", after.AllocatedSize?.ToString());
        if (before.ResizeStatus != after.ResizeStatus) SetStorage(status, "allocatedResourceStatuses", after.ResizeStatus);
        if (!before.Conditions.Equals(after.Conditions)) SetConditions(status, after.Conditions, now);
        return copy;
    }

    static void SetStorage(JsonObject status, string name, string? value)
    {
        status.Remove(name);
        if (!string.IsNullOrEmpty(value)) status[name] = new JsonObject { ["storage"] = value };
    }

    // One that goes on keeps when it began.
    static void SetConditions(JsonObject status, ValueList<ClaimCondition> conditions, DateTimeOffset now)
    {
        JsonObject[] had = [.. (status["conditions"] as JsonArray ?? []).OfType<JsonObject>()];
        status.Remove("conditions");
        if (conditions.Count == 0) return;
        string time = Objects.ApiTime.Text(now);
        status["conditions"] = new JsonArray(
        [
            .. conditions.Select(condition => new JsonObject
            {
                ["type"] = condition.Type,
                ["status"] = "True",
                ["lastProbeTime"] = null,
                ["lastTransitionTime"] = Array.Find(had, item => item["type"]?.GetValue<string>() == condition.Type)?["lastTransitionTime"]?.DeepClone() ?? time,
            }.WithText("message", condition.Message)),
        ]);
    }
}
