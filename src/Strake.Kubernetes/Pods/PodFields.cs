using System.Globalization;
using System.Text.Json;
using Strake.Kubernetes.Controllers.Nodes;
using Strake.Kubernetes.Records;
using Quantity = Strake.Kubernetes.Objects.Quantity;

namespace Strake.Kubernetes.Pods;

/// <summary>What a pod may be told of itself: fields of its object, and what its containers asked for. Pure.</summary>
static class PodFields
{
    /// <summary>The text of a field (fieldRef); null when there is no such field.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="path">The field, such as <c>metadata.labels['app']</c>.</param>
    /// <param name="address">The pod's address.</param>
    /// <param name="hostAddress">The node's address.</param>
    public static string? Text(Pod pod, string path, string address, string hostAddress) => path switch
    {
        "metadata.name" => pod.Metadata.Name,
        "metadata.namespace" => pod.Metadata.Namespace,
        "metadata.uid" => pod.Uid,
        "metadata.labels" => Listed(pod.Metadata.Labels),
        "metadata.annotations" => Listed(pod.Metadata.Annotations),
        "spec.nodeName" => pod.NodeName,
        "spec.serviceAccountName" => pod.Spec.Text("serviceAccountName"),
        "status.podIP" or "status.podIPs" => address,
        "status.hostIP" or "status.hostIPs" => hostAddress,
        _ when Subscript(path, "metadata.labels") is { } label => pod.Metadata.Labels.Find(label) ?? "",
        _ when Subscript(path, "metadata.annotations") is { } annotation => pod.Metadata.Annotations.Find(annotation) ?? "",
        _ => null,
    };

    /// <summary>What a container asked for or may use (resourceFieldRef), in units of its divisor, rounded up; null when there is no such resource.</summary>
    /// <param name="container">The container.</param>
    /// <param name="reference">The document of the reference.</param>
    /// <param name="facts">The node: what may be used where no limit is set.</param>
    public static string? Resource(PodContainer container, JsonElement reference, NodeFacts facts)
    {
        string[] parts = reference.Text("resource").Split('.', 2);
        if (parts is not ["limits" or "requests", var name]) return null;
        JsonElement resources = container.Spec.At("resources");
        Quantity? amount = resources.At(parts[0]).Quantity(name) ?? (parts[0] == "limits" ? AllOf(name, facts) : Quantity.Zero);
        if (amount is not { } found) return null;
        Quantity divisor = reference.Quantity("divisor") is { IsZero: false } given ? given : Quantity.Parse("1");
        return found.In(divisor).ToString(CultureInfo.InvariantCulture);
    }

    static Quantity? AllOf(string name, NodeFacts facts) => name switch
    {
        "cpu" => Quantity.Parse(facts.Processors.ToString(CultureInfo.InvariantCulture)),
        "memory" => Quantity.Parse(facts.MemoryBytes.ToString(CultureInfo.InvariantCulture)),
        "ephemeral-storage" => Quantity.Parse(facts.StorageBytes.ToString(CultureInfo.InvariantCulture)),
        _ => null,
    };

    // A line each, sorted, the value as Go quotes it.
    static string Listed(TextMap map) => string.Join('\n', map.OrderBy(static entry => entry.Key, StringComparer.Ordinal).Select(static entry => $"{entry.Key}={Quoted(entry.Value)}"));

    static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)}\"";

    static string? Subscript(string path, string map) =>
        path.StartsWith(map + "['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal) ? path[(map.Length + 2)..^2] : null;
}
