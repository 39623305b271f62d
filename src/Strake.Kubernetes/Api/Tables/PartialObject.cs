using System.Text.Json;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Api;

/// <summary>Writes objects as their metadata alone.</summary>
public static class PartialObject
{
    /// <summary>Writes an object.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="item">The object.</param>
    /// <param name="apiVersion">The version of the form, <c>meta.k8s.io/v1</c>.</param>
    public static void Write(Utf8JsonWriter writer, StoredObject item, string apiVersion)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", "PartialObjectMetadata");
        writer.WriteString("apiVersion", apiVersion);
        writer.WriteStartObject("metadata");
        writer.WriteString("resourceVersion", item.ResourceVersion);
        using (JsonDocument metadata = JsonDocument.Parse(ObjectJson.Metadata(item.Json)))
            foreach (JsonProperty member in metadata.RootElement.EnumerateObject()) member.WriteTo(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
