using System.Text.Json;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Api;

/// <summary>Writes objects as a table: columns, and a row an object with what stands in them and the object's metadata.</summary>
/// <param name="kind">The kind as which the objects are served.</param>
/// <param name="version">The table's version, <c>v1</c> or <c>v1beta1</c>.</param>
/// <param name="include">What a row carries: Metadata (the default), None or Object.</param>
/// <param name="now">The time of day, for ages.</param>
public sealed class TableWriter(ResourceKind kind, string version, string? include, DateTimeOffset now)
{
    /// <summary>Writes a table.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="items">The objects.</param>
    /// <param name="metadata">Writes the list's metadata.</param>
    /// <param name="hasColumns">Whether the columns are told; in a watch, only with the first row.</param>
    public void Write(Utf8JsonWriter writer, IEnumerable<StoredObject> items, Action<Utf8JsonWriter> metadata, bool hasColumns = true)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", "Table");
        writer.WriteString("apiVersion", $"meta.k8s.io/{version}");
        writer.WritePropertyName("metadata");
        metadata(writer);
        writer.WriteStartArray("columnDefinitions");
        if (hasColumns)
            foreach (Column column in kind.Columns) Write(writer, column);
        writer.WriteEndArray();
        writer.WriteStartArray("rows");
        foreach (StoredObject item in items) WriteRow(writer, item);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, Column column)
    {
        writer.WriteStartObject();
        writer.WriteString("name", column.Name);
        writer.WriteString("type", column.Type);
        writer.WriteString("format", column.Format);
        writer.WriteString("description", column.Description);
        writer.WriteNumber("priority", column.Priority);
        writer.WriteEndObject();
    }

    void WriteRow(Utf8JsonWriter writer, StoredObject item)
    {
        ReadOnlyMemory<byte> json = kind.FromStored is null ? item.Json : ObjectJson.Served(item, kind);
        using (JsonDocument document = JsonDocument.Parse(json))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("cells");
            foreach (Column column in kind.Columns) column.Value(document.RootElement, now).WriteTo(writer);
            writer.WriteEndArray();
        }

        if (include is not "None")
        {
            writer.WritePropertyName("object");
            if (include is "Object") writer.WriteRawValue(ObjectJson.Served(item, kind), skipInputValidation: true);
            else PartialObject.Write(writer, item, $"meta.k8s.io/{version}");
        }

        writer.WriteEndObject();
    }
}
