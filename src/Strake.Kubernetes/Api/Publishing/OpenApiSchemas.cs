using System.Text.Json;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Schemas;

namespace Strake.Kubernetes.Api;

/// <summary>Writes schemas: those with a name once, by that name, with references where they are used.</summary>
/// <param name="writer">Where to; inside of the object that holds them.</param>
/// <param name="prefix">What stands before a name in a reference.</param>
sealed class OpenApiSchemas(Utf8JsonWriter writer, string prefix)
{
    readonly HashSet<string> written = new(StringComparer.Ordinal);
    readonly Queue<Schema> waiting = new();

    /// <summary>Writes the schemas of kinds, and all that they refer to.</summary>
    public void WriteAll(IReadOnlyList<ResourceKind> kinds)
    {
        foreach (ResourceKind kind in kinds) WriteNamed(kind.Schema, kind);
        WriteOption(MetaSchema.DeleteOptions);
        WriteOption(MetaSchema.Status);
        while (waiting.TryDequeue(out Schema? next))
            if (written.Add(next.Name!)) WriteDefinition(next, kind: null);
    }

    void WriteOption(Schema schema) => waiting.Enqueue(schema);

    void WriteNamed(Schema schema, ResourceKind kind)
    {
        if (written.Add(schema.Name!)) WriteDefinition(schema, kind);
    }

    void WriteDefinition(Schema schema, ResourceKind? kind)
    {
        writer.WriteStartObject(schema.Name!);
        WriteBody(schema, schema.Description, defaultJson: null);
        if (kind is not null)
        {
            writer.WriteStartArray("x-kubernetes-group-version-kind");
            writer.WriteStartObject();
            writer.WriteString("group", kind.Group);
            writer.WriteString("kind", kind.Kind);
            writer.WriteString("version", kind.Version);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    void WriteField(SchemaField field)
    {
        writer.WriteStartObject(field.Name);
        if (field.Schema.Name is { } name)
        {
            // Beside a reference nothing else counts, so it stands in a list of its own.
            if (field.Description.Length > 0) writer.WriteString("description", field.Description);
            if (field.Default is { } json) WriteDefault(json);
            writer.WriteStartArray("allOf");
            writer.WriteStartObject();
            WriteReference(name, field.Schema);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }
        else
        {
            WriteBody(field.Schema, field.Description, field.Default);
        }

        if (field.MergeKey is { } key)
        {
            writer.WriteString("x-kubernetes-patch-strategy", field.RetainsKeys ? "merge,retainKeys" : "merge");
            if (key.Length > 0) writer.WriteString("x-kubernetes-patch-merge-key", key);
        }

        writer.WriteEndObject();
    }

    void WriteReference(string name, Schema schema)
    {
        writer.WriteString("$ref", prefix + name);
        waiting.Enqueue(schema);
    }

    void WriteDefault(string json)
    {
        writer.WritePropertyName("default");
        writer.WriteRawValue(json);
    }

    void WriteBody(Schema schema, string description, string? defaultJson)
    {
        if (description.Length > 0) writer.WriteString("description", description);
        WriteType(schema);
        if (defaultJson is not null) WriteDefault(defaultJson);
        switch (schema.Type)
        {
            case SchemaType.Record:
                WriteFields(schema);
                break;
            case SchemaType.Map:
                writer.WritePropertyName("additionalProperties");
                WriteItems(schema.Items!);
                if (schema.IsAtomic) writer.WriteString("x-kubernetes-map-type", "atomic");
                break;
            case SchemaType.List:
                writer.WritePropertyName("items");
                WriteItems(schema.Items!);
                WriteForm(schema);
                break;
            default:
                break;
        }
    }

    void WriteFields(Schema schema)
    {
        if (schema.Fields.Count > 0)
        {
            writer.WriteStartObject("properties");
            foreach (SchemaField field in schema.Fields) WriteField(field);
            writer.WriteEndObject();
        }

        if (schema.Fields.Any(static field => field.IsRequired))
        {
            writer.WriteStartArray("required");
            foreach (SchemaField field in schema.Fields.Where(static field => field.IsRequired)) writer.WriteStringValue(field.Name);
            writer.WriteEndArray();
        }

        if (schema.IsAtomic) writer.WriteString("x-kubernetes-map-type", "atomic");
        if (schema.KeepsUnknown) writer.WriteBoolean("x-kubernetes-preserve-unknown-fields", true);
    }

    void WriteItems(Schema items)
    {
        writer.WriteStartObject();
        if (items.Name is { } name) WriteReference(name, items);
        else WriteBody(items, items.Description, defaultJson: null);
        writer.WriteEndObject();
    }

    void WriteForm(Schema list)
    {
        writer.WriteString("x-kubernetes-list-type", list.Form switch { ListForm.Set => "set", ListForm.Keyed => "map", _ => "atomic" });
        if (list.Form is not ListForm.Keyed) return;
        writer.WriteStartArray("x-kubernetes-list-map-keys");
        foreach (string key in list.Keys) writer.WriteStringValue(key);
        writer.WriteEndArray();
    }

    void WriteType(Schema schema)
    {
        (string? type, string? format) = schema.Type switch
        {
            SchemaType.Record or SchemaType.Map => ("object", null),
            SchemaType.List => ("array", null),
            SchemaType.Flag => ("boolean", null),
            SchemaType.Int32 => ("integer", "int32"),
            SchemaType.Int64 => ("integer", "int64"),
            SchemaType.Number => ("number", "double"),
            SchemaType.IntOrText => ("string", "int-or-string"),
            SchemaType.Time or SchemaType.MicroTime => ("string", "date-time"),
            SchemaType.Bytes => ("string", "byte"),
            SchemaType.Text or SchemaType.Quantity => ("string", (string?)null),
            SchemaType.Anything => (null, null),
            _ => throw new InvalidOperationException($"schema type {schema.Type}"),
        };
        if (type is not null) writer.WriteString("type", type);
        if (format is not null) writer.WriteString("format", format);
        if (schema.Values.Count == 0) return;
        writer.WriteStartArray("enum");
        foreach (string value in schema.Values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
