using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Api;

/// <summary>Documents as bytes, and back.</summary>
static class JsonBytes
{
    /// <summary>The UTF-8 of a document.</summary>
    public static byte[] Of(JsonNode document) => Write(writer => document.WriteTo(writer));

    /// <summary>The UTF-8 of what is written.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, ObjectJson.Writing)) content(writer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A node of its own, for an element whose document may go. Of repeated members the last counts.</summary>
    public static JsonNode? ToNode(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new JsonObject();
                foreach (JsonProperty member in element.EnumerateObject()) map[member.Name] = ToNode(member.Value);
                return map;
            case JsonValueKind.Array:
                var list = new JsonArray();
                foreach (JsonElement item in element.EnumerateArray()) list.Add(ToNode(item));
                return list;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                return null;
            case JsonValueKind.String:
                return JsonValue.Create(element.GetString());
            case JsonValueKind.Number:
                return element.TryGetInt64(out long whole) ? JsonValue.Create(whole) : JsonValue.Create(element.GetDouble());
            default:
                return JsonValue.Create(element.GetBoolean());
        }
    }

    /// <summary>Reads any JSON; of repeated members the last counts.</summary>
    /// <exception cref="StatusException">BadRequest: it is none.</exception>
    public static JsonNode? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return ToNode(document.RootElement);
        }
        catch (JsonException e)
        {
            throw StatusException.BadRequest($"the body is no JSON: {e.Message}");
        }
    }
}
