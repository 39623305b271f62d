using System.Text.Json.Nodes;
using Strake.Kubernetes.Schemas;

namespace Strake.Kubernetes.Api;

/// <summary>Follows one step of a path into a document.</summary>
static class FieldStep
{
    /// <summary>What lies behind a step: the value (null: nothing) and its schema (null: the schema has no such place).</summary>
    public static (JsonNode? Value, Schema? Schema) Take(JsonNode? value, Schema schema, string element)
    {
        if (element.StartsWith("f:", StringComparison.Ordinal))
        {
            string name = element[2..];
            return ((value as JsonObject)?[name], schema.Under(name));
        }

        JsonNode? item = (value as JsonArray)?.FirstOrDefault(one => PathElement.OfItem(one, schema) == element);
        return (item, schema.Items);
    }

    /// <summary>Removes what lies behind a step.</summary>
    public static void Remove(JsonNode? value, Schema schema, string element)
    {
        if (value is JsonObject record && element.StartsWith("f:", StringComparison.Ordinal)) record.Remove(element[2..]);
        else if (value is JsonArray list && list.FirstOrDefault(one => PathElement.OfItem(one, schema) == element) is { } item) list.Remove(item);
    }
}
