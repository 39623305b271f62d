using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Schemas;

namespace Strake.Kubernetes.Api;

/// <summary>
/// One step of a path into a document, as managed fields write it: <c>f:name</c> a field, <c>k:{"name":"x"}</c> an item by its keys, <c>v:"x"</c> a
/// member of a set.
/// </summary>
static class PathElement
{
    /// <summary>The step to a field.</summary>
    public static string OfField(string name) => "f:" + name;

    /// <summary>The step to an item of a set or a keyed list.</summary>
    public static string OfItem(JsonNode? item, Schema list) => list.Form is ListForm.Keyed
        ? "k:" + Text(KeysOf(item, list))
        : "v:" + (item is null ? "null" : Text(item));

    /// <summary>A step as messages show it: <c>.spec</c>, <c>[name="x"]</c>, <c>["x"]</c>.</summary>
    public static string Show(string element) => element[..2] switch
    {
        "f:" => "." + element[2..],
        "k:" => $"[{string.Join(',', ((JsonObject)JsonNode.Parse(element[2..])!).Select(static key => $"{key.Key}={key.Value?.ToJsonString()}"))}]",
        "v:" => $"[={element[2..]}]",
        _ => $"[{element[2..]}]",
    };

    // A key that is missing counts with its default: ports of one number differ by their protocol, which is TCP where none is given.
    static JsonObject KeysOf(JsonNode? item, Schema list)
    {
        var keys = new JsonObject();
        foreach (string key in list.Keys.Order(StringComparer.Ordinal))
        {
            JsonNode? value = item?[key]?.DeepClone();
            if (value is null && list.Items!.Find(key)?.Default is { } json) value = JsonNode.Parse(json);
            if (value is not null) keys[key] = value;
        }

        return keys;
    }

    static string Text(JsonNode node) => System.Text.Encoding.UTF8.GetString(JsonBytes.Of(node));
}
