using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Api;

/// <summary>Patches of documents that are no objects of a kind.</summary>
public static class Patching
{
    /// <summary>Applies a list of operations (RFC 6902).</summary>
    /// <exception cref="StatusException">It is no patch, or cannot be done to this document.</exception>
    public static JsonNode? ApplyJson(JsonNode document, JsonNode? patch) => JsonPatch.Apply(document, patch);
}
