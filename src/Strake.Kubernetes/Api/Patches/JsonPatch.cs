using System.Globalization;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Api;

/// <summary>A list of changes by path (RFC 6902).</summary>
static class JsonPatch
{
    const int MaxOperations = 10_000;

    /// <summary>Applies a patch to a document.</summary>
    /// <param name="document">The document; not changed.</param>
    /// <param name="patch">The operations.</param>
    /// <returns>The new document.</returns>
    /// <exception cref="StatusException">BadRequest: no patch. Invalid: it cannot be done to this document.</exception>
    public static JsonNode? Apply(JsonNode document, JsonNode? patch)
    {
        if (patch is not JsonArray operations) throw StatusException.BadRequest("error decoding patch: a JSON patch is a list of operations");
        if (operations.Count > MaxOperations)
            throw new StatusException(new(413, "RequestEntityTooLarge", $"The allowed maximum operations in a JSON patch is {MaxOperations}, got {operations.Count}"));
        JsonNode? root = document.DeepClone();
        foreach (JsonNode? operation in operations) root = Apply(root, operation as JsonObject ?? throw StatusException.BadRequest("error decoding patch: an operation is an object"));
        return root;
    }

    static JsonNode? Apply(JsonNode? root, JsonObject operation)
    {
        string path = operation.TextAt("path") ?? throw StatusException.BadRequest("error decoding patch: an operation needs a path");
        switch (operation.TextAt("op"))
        {
            case "add":
                return Add(root, path, operation["value"]?.DeepClone());
            case "remove":
                return Remove(root, path);
            case "replace":
                _ = Get(root, path);
                return path.Length == 0 ? operation["value"]?.DeepClone() : Add(Remove(root, path), path, operation["value"]?.DeepClone());
            case "move":
                JsonNode? moved = Get(root, From(operation))?.DeepClone();
                return Add(Remove(root, From(operation)), path, moved);
            case "copy":
                return Add(root, path, Get(root, From(operation))?.DeepClone());
            case "test":
                if (JsonNode.DeepEquals(Get(root, path), operation["value"])) return root;
                throw Refuse($"testing value {path} failed");
            default:
                throw StatusException.BadRequest($"error decoding patch: Unexpected kind: {operation.TextAt("op")}");
        }
    }

    static string From(JsonObject operation) => operation.TextAt("from") ?? throw StatusException.BadRequest("error decoding patch: the operation needs a from");

    static JsonNode? Add(JsonNode? root, string path, JsonNode? value)
    {
        if (path.Length == 0) return value;
        (JsonNode parent, string name) = Parent(root, path);
        switch (parent)
        {
            case JsonObject record:
                record[name] = value;
                break;
            case JsonArray list when name == "-":
                list.Add(value);
                break;
            case JsonArray list:
                list.Insert(Index(name, list.Count, path), value);
                break;
            default:
                throw Missing(path);
        }

        return root;
    }

    static JsonNode? Remove(JsonNode? root, string path)
    {
        if (path.Length == 0) return null;
        (JsonNode parent, string name) = Parent(root, path);
        if (parent is JsonArray list) list.RemoveAt(Index(name, list.Count - 1, path));
        else if (parent is not JsonObject record || !record.Remove(name)) throw Refuse($"Unable to remove nonexistent key: {name}: missing value");
        return root;
    }

    static JsonNode? Get(JsonNode? root, string path)
    {
        if (path.Length == 0) return root;
        (JsonNode parent, string name) = Parent(root, path);
        if (parent is JsonArray list) return list[Index(name, list.Count - 1, path)];
        return parent is JsonObject record && record.TryGetPropertyValue(name, out JsonNode? value) ? value : throw Missing(path);
    }

    static (JsonNode Parent, string Name) Parent(JsonNode? root, string path)
    {
        if (path[0] != '/') throw StatusException.BadRequest($"error decoding patch: the path {path} has to begin with a slash");
        string[] names = [.. path[1..].Split('/').Select(static name => name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
        JsonNode? at = root;
        foreach (string name in names[..^1])
        {
            at = at switch
            {
                JsonObject record => record[name],
                JsonArray list => list[Index(name, list.Count - 1, path)],
                _ => null,
            };
        }

        return (at ?? throw Missing(path), names[^1]);
    }

    static int Index(string name, int last, string path) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index <= last ? index : throw Refuse($"Unable to access invalid index: {name}: {path}");

    static StatusException Missing(string path) => Refuse($"doc is missing path: {path}: missing value");

    static StatusException Refuse(string why) => new(new(422, "Invalid", $"the server rejected our request due to an error in our request: {why}"));
}
