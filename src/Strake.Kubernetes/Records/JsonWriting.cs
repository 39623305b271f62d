using System.Text.Json;
using System.Text.Json.Nodes;

namespace Strake.Kubernetes.Records;

/// <summary>How documents are made: what says nothing is left out, as Kubernetes does.</summary>
static class JsonWriting
{
    /// <summary>The document as what records are read from; a copy.</summary>
    public static JsonElement ToElement(this JsonObject document) => JsonSerializer.SerializeToElement(document, RecordJson.Default.JsonObject);

    public static JsonObject WithText(this JsonObject target, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text)) target[name] = text;
        return target;
    }

    public static JsonObject WithFlag(this JsonObject target, string name, bool flag)
    {
        if (flag) target[name] = true;
        return target;
    }

    public static JsonObject WithNumber(this JsonObject target, string name, int number)
    {
        if (number != 0) target[name] = number;
        return target;
    }

    public static JsonObject WithNode(this JsonObject target, string name, JsonNode? node)
    {
        if (node is not null) target[name] = node;
        return target;
    }

    public static JsonObject WithMap(this JsonObject target, string name, TextMap map)
    {
        if (map.Count > 0) target[name] = map.ToJson();
        return target;
    }

    public static JsonObject WithTexts(this JsonObject target, string name, IEnumerable<string> texts)
    {
        if (texts.ToJson() is { Count: > 0 } list) target[name] = list;
        return target;
    }

    public static JsonObject WithSecret(this JsonObject target, string name, SecretReference? secret) => secret is null
        ? target
        : target.WithNode(name, new JsonObject { ["name"] = secret.Name }.WithText("namespace", secret.Namespace));

    public static JsonObject ToJson(this TextMap map) => new(map.Select(static entry => KeyValuePair.Create(entry.Key, (JsonNode?)JsonValue.Create(entry.Value))));

    public static JsonArray ToJson(this IEnumerable<string> texts) => new([.. texts.Select(static text => (JsonNode?)JsonValue.Create(text))]);

    public static JsonObject ToJson(this NodeSelector selector) =>
        new() { ["nodeSelectorTerms"] = new JsonArray([.. selector.Terms.Select(ToJson)]) };

    static JsonObject ToJson(NodeSelectorTerm term) => new JsonObject()
        .WithNode("matchExpressions", Requirements(term.Labels))
        .WithNode("matchFields", Requirements(term.Fields));

    static JsonArray? Requirements(ValueList<SelectorRequirement> requirements) => requirements.Count == 0 ? null : new JsonArray(
    [
        .. requirements.Select(static requirement =>
            new JsonObject { ["key"] = requirement.Key, ["operator"] = requirement.Operator.ToString() }.WithTexts("values", requirement.Values)),
    ]);
}
