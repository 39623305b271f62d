using System.Text;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Daemon.KubernetesApi;

/// <summary>The number of replicas of an object, as a document of its own (<c>autoscaling/v1 Scale</c>).</summary>
static class ScaleDocument
{
    /// <summary>The document.</summary>
    public static byte[] Of(StoredObject item) => Encoding.UTF8.GetBytes(ToDocument(item).ToJsonString());

    /// <summary>The document, to change it.</summary>
    public static JsonObject ToDocument(StoredObject item)
    {
        JsonObject document = item.ToDocument();
        var metadata = new Metadata(document);
        var labels = document.ObjectAt("spec", "selector", "matchLabels") ?? [];
        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = metadata.Name, ["namespace"] = metadata.Namespace, ["uid"] = metadata.Uid,
                ["resourceVersion"] = item.ResourceVersion, ["creationTimestamp"] = metadata.CreationTimestamp,
            },
            ["spec"] = new JsonObject { ["replicas"] = document.NumberAt("spec", "replicas") ?? 0 },
            ["status"] = new JsonObject
            {
                ["replicas"] = document.NumberAt("status", "replicas") ?? 0,
                ["selector"] = string.Join(',', labels.Select(static label => $"{label.Key}={label.Value}")),
            },
        };
    }
}
