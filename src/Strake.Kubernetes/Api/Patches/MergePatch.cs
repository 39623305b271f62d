using System.Text.Json.Nodes;

namespace Strake.Kubernetes.Api;

/// <summary>A document of changes: members replace, nulls remove, lists replace whole (RFC 7396).</summary>
static class MergePatch
{
    /// <summary>Applies a patch; neither argument is changed.</summary>
    public static JsonNode? Apply(JsonNode? document, JsonNode? patch)
    {
        if (patch is not JsonObject changes) return patch?.DeepClone();
        var result = document is JsonObject old ? (JsonObject)old.DeepClone() : [];
        foreach ((string name, JsonNode? value) in changes)
        {
            if (value is null) result.Remove(name);
            else result[name] = Apply(result[name], value);
        }

        return result;
    }
}
