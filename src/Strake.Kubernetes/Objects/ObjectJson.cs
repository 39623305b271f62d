using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;

namespace Strake.Kubernetes.Objects;

/// <summary>Between documents as clients see them and the bytes in the store.</summary>
/// <remarks>
/// Stored: <c>{"metadata":{"name":…},"spec":…}</c>. Served: <c>{"apiVersion":…,"kind":…,"metadata":{"resourceVersion":…,"name":…},"spec":…}</c>.
/// The difference is only at the front, so that a list of thousands is written without reading one of them.
/// </remarks>
public static class ObjectJson
{
    static readonly byte[] s_front = "{\"metadata\":{"u8.ToArray();

    /// <summary>How documents are written: without escapes that JSON does not need.</summary>
    public static JsonWriterOptions Writing { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The bytes of a document for the store.</summary>
    /// <param name="document">The document; has metadata with a name.</param>
    public static byte[] ToStored(JsonObject document)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("metadata");
            WriteMetadata(writer, document["metadata"] as JsonObject ?? throw new InvalidOperationException("a document without metadata"));
            foreach ((string name, JsonNode? value) in document)
            {
                if (value is null || name is "apiVersion" or "kind" or "metadata") continue;
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes an object as clients see it.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="stored">The object; of the same storage as the kind.</param>
    /// <param name="kind">The kind as which it is served.</param>
    public static void WriteServed(IBufferWriter<byte> target, StoredObject stored, ResourceKind kind)
    {
        if (kind.FromStored is { } convert)
        {
            using var writer = new Utf8JsonWriter(target, Writing);
            convert(Read(stored, kind)).WriteTo(writer);
            return;
        }

        target.Write(kind.ServedFront.Span);
        Span<byte> digits = stackalloc byte[20];
        stored.Revision.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
        target.Write(digits[..length]);
        target.Write("\","u8);
        target.Write(stored.Json.Span[s_front.Length..]);
    }

    /// <summary>The object as clients see it, as bytes.</summary>
    public static byte[] Served(StoredObject stored, ResourceKind kind)
    {
        var buffer = new ArrayBufferWriter<byte>(stored.Json.Length + 128);
        WriteServed(buffer, stored, kind);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The object as clients see it, as a document.</summary>
    internal static JsonObject Read(StoredObject stored) => Read(stored, stored.Kind);

    /// <summary>The text of a member of the metadata, without reading what is behind it.</summary>
    internal static string? MetadataText(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var reader = EnterMetadata(json);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            bool found = reader.ValueTextEquals(name);
            reader.Read();
            if (found) return reader.TokenType is JsonTokenType.String ? reader.GetString() : null;
            reader.Skip();
        }

        return null;
    }

    /// <summary>The labels, without reading what is behind the metadata.</summary>
    internal static Dictionary<string, string> Labels(ReadOnlySpan<byte> json)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = EnterMetadata(json);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            bool found = reader.ValueTextEquals("labels"u8);
            reader.Read();
            if (!found)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                string key = reader.GetString()!;
                reader.Read();
                labels[key] = reader.GetString() ?? "";
            }

            break;
        }

        return labels;
    }

    /// <summary>The bytes of the metadata's object.</summary>
    internal static ReadOnlyMemory<byte> Metadata(ReadOnlyMemory<byte> json)
    {
        var reader = EnterMetadata(json.Span);
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    /// <summary>What stands in front of a served object's version.</summary>
    internal static byte[] FrontOf(GroupVersion version, string kind) =>
        Encoding.UTF8.GetBytes($"{{\"apiVersion\":\"{version}\",\"kind\":\"{kind}\",\"metadata\":{{\"resourceVersion\":\"");

    static Utf8JsonReader EnterMetadata(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        reader.Read();
        reader.Read();
        return reader;
    }

    static JsonObject Read(StoredObject stored, ResourceKind kind)
    {
        var parsed = (JsonObject)JsonNode.Parse(stored.Json.Span)!;
        var document = new JsonObject { ["apiVersion"] = kind.GroupVersion.ToString(), ["kind"] = kind.Kind };
        foreach ((string name, JsonNode? value) in parsed.ToArray())
        {
            parsed.Remove(name);
            document[name] = value;
        }

        ((JsonObject)document["metadata"]!)["resourceVersion"] = stored.ResourceVersion;
        return document;
    }

    static void WriteMetadata(Utf8JsonWriter writer, JsonObject metadata)
    {
        writer.WriteStartObject();
        foreach ((string name, JsonNode? value) in metadata)
        {
            if (value is null || name is "resourceVersion" or "selfLink") continue;
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
