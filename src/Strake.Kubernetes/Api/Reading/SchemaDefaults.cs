using System.Text.Json.Nodes;
using Strake.Kubernetes.Schemas;

namespace Strake.Kubernetes.Api;

/// <summary>Puts the defaults of a schema where a document says nothing.</summary>
public static class SchemaDefaults
{
    /// <summary>Completes a document, and all records inside that are there.</summary>
    public static void Apply(JsonObject document, Schema schema)
    {
        foreach (SchemaField field in schema.Fields)
        {
            if (field.Default is { } json && !document.ContainsKey(field.Name)) document[field.Name] = JsonNode.Parse(json);
            if (document[field.Name] is { } value) Descend(value, field.Schema);
        }
    }

    static void Descend(JsonNode value, Schema schema)
    {
        switch (schema.Type, value)
        {
            case (SchemaType.Record, JsonObject record):
                Apply(record, schema);
                break;
            case (SchemaType.Map, JsonObject map) when HasRecords(schema):
                foreach ((_, JsonNode? member) in map)
                    if (member is not null) Descend(member, schema.Items!);
                break;
            case (SchemaType.List, JsonArray list) when HasRecords(schema):
                foreach (JsonNode? item in list)
                    if (item is not null) Descend(item, schema.Items!);
                break;
            default:
                break;
        }
    }

    static bool HasRecords(Schema schema) => schema.Items!.Type is SchemaType.Record or SchemaType.List or SchemaType.Map;
}
