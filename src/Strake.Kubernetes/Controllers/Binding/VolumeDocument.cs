using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Binding;

/// <summary>How what was decided of a volume gets into its document: only what differs is touched, so that fields that nobody here knows stay.</summary>
static class VolumeDocument
{
    /// <summary>The document as it shall be.</summary>
    /// <param name="document">The document as it is.</param>
    /// <param name="before">The volume that it is.</param>
    /// <param name="after">The volume that it shall be.</param>
    public static JsonObject With(JsonElement document, PersistentVolume before, PersistentVolume after) => Apply(JsonObject.Create(document)!, before, after);

    /// <summary>Changes a document that is not stored yet.</summary>
    public static JsonObject Apply(JsonObject document, PersistentVolume before, PersistentVolume after)
    {
        MetadataDocument.Apply(document, before.Metadata, after.Metadata);
        JsonObject spec = document.Child("spec"), status = document.Child("status");
        if (before.ClaimReference != after.ClaimReference) SetReference(spec, after.ClaimReference);
        if (before.Capacity != after.Capacity) spec["capacity"] = new JsonObject { ["storage"] = after.Capacity.ToString() };
        spec.SetText("volumeAttributesClassName", before.AttributesClass, after.AttributesClass);
        status["phase"] = after.Phase.ToString();
        status.SetText("message", before.Message, after.Message);
        return document;
    }

    static void SetReference(JsonObject spec, ClaimReference? reference)
    {
        spec.Remove("claimRef");
        if (reference is null) return;
        spec["claimRef"] = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolumeClaim",
            ["namespace"] = reference.Namespace,
            ["name"] = reference.Name,
        }.WithText("uid", reference.Uid);
    }
}
