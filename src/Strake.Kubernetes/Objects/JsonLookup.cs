using System.Text.Json;
using System.Text.Json.Nodes;

namespace Strake.Kubernetes.Objects;

/// <summary>Looks into documents by the names on the way. Missing parts, and parts of another type, are null, never an exception.</summary>
public static class JsonLookup
{
    /// <summary>The value at a path; null when there is none.</summary>
    public static JsonElement? At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return null;
        return element.ValueKind == JsonValueKind.Null ? null : element;
    }

    /// <summary>The text at a path; null when there is none.</summary>
    public static string? TextAt(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;

    /// <summary>The whole number at a path; null when there is none.</summary>
    public static long? NumberAt(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Number } found && found.TryGetInt64(out long number) ? number : null;

    /// <summary>The flag at a path; null when there is none.</summary>
    public static bool? FlagAt(this JsonElement element, params ReadOnlySpan<string> path) => element.At(path)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>The items of the list at a path; none when there is no list.</summary>
    public static IEnumerable<JsonElement> ItemsAt(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>The members of the object at a path; none when there is no object.</summary>
    public static IEnumerable<JsonProperty> MembersAt(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Object } map ? map.EnumerateObject() : [];

    /// <summary>The value at a path; null when there is none.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (string name in path) node = (node as JsonObject)?[name];
        return node;
    }

    /// <summary>The text at a path; null when there is none.</summary>
    public static string? TextAt(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>The whole number at a path; null when there is none.</summary>
    public static long? NumberAt(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.GetValueKind() is JsonValueKind.Number && long.TryParse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>The flag at a path; null when there is none.</summary>
    public static bool? FlagAt(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue(out bool flag) ? flag : null;

    /// <summary>The object at a path; null when there is none.</summary>
    public static JsonObject? ObjectAt(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonObject;

    /// <summary>The items of the list at a path; none when there is no list.</summary>
    public static IEnumerable<JsonNode?> ItemsAt(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonArray ?? [];
}
