using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Schemas;

namespace Strake.Kubernetes.Api;

/// <summary>
/// Kubernetes' strategic merge patch: as a merge patch, but lists whose items have a key are merged item by item, and directives say what a
/// document of changes cannot.
/// </summary>
/// <remarks>
/// The directives (community <c>sig-api-machinery/strategic-merge-patch.md</c>): <c>$patch: delete | replace | merge</c>,
/// <c>$setElementOrder/list</c>, <c>$deleteFromPrimitiveList/list</c>, <c>$retainKeys</c>.
/// </remarks>
static class StrategicPatch
{
    const string Directive = "$patch";
    const string RetainKeys = "$retainKeys";
    const string DeleteFrom = "$deleteFromPrimitiveList/";
    const string OrderOf = "$setElementOrder/";

    /// <summary>Applies a patch; neither argument is changed.</summary>
    /// <exception cref="StatusException">BadRequest: a directive makes no sense.</exception>
    public static JsonObject Apply(JsonObject document, JsonObject patch, Schema schema)
    {
        switch (patch.TextAt(Directive))
        {
            case "replace":
                return Plain(patch);
            case "delete":
                return [];
            case null or "merge":
                break;
            case var other:
                throw StatusException.BadRequest($"Unknown patch type found: {other}");
        }

        var result = (JsonObject)document.DeepClone();
        Retain(result, patch);
        foreach ((string name, JsonNode? value) in patch)
        {
            if (name.StartsWith('$')) continue;
            if (value is null) result.Remove(name);
            else result[name] = Member(result[name], value, schema.Find(name), schema.Under(name), patch[OrderOf + name] as JsonArray);
        }

        foreach ((string name, JsonNode? value) in patch) ApplyListDirective(result, name, value, patch, schema);
        return result;
    }

    static JsonNode? Member(JsonNode? old, JsonNode value, SchemaField? field, Schema? schema, JsonArray? order) => (old, value) switch
    {
        (_, JsonObject changes) when schema?.Type is SchemaType.Record or SchemaType.Map => Apply(old as JsonObject ?? [], changes, schema),
        (_, JsonObject changes) => MergePatch.Apply(old, changes),
        (_, JsonArray items) when field?.MergeKey is { Length: > 0 } key => Items(old as JsonArray ?? [], items, key, schema!.Items!, order),
        (JsonArray list, JsonArray items) when field?.MergeKey is "" => Union(list, items),
        _ => value.DeepClone(),
    };

    static JsonArray Items(JsonArray old, JsonArray changes, string key, Schema item, JsonArray? order)
    {
        if (changes.Any(static change => change.TextAt(Directive) == "replace"))
            return [.. changes.Where(static change => change.TextAt(Directive) is null).Select(static change => change?.DeepClone())];
        var merged = (JsonArray)old.DeepClone();
        foreach (JsonObject change in changes.OfType<JsonObject>())
        {
            string? id = change[key]?.ToJsonString() ?? throw StatusException.BadRequest($"map: {change.ToJsonString()} does not contain declared merge key: {key}");
            int at = 0;
            while (at < merged.Count && merged[at]?[key]?.ToJsonString() != id) at++;
            if (change.TextAt(Directive) == "delete")
            {
                if (at < merged.Count) merged.RemoveAt(at);
            }
            else if (at < merged.Count) merged[at] = Apply((JsonObject)merged[at]!, change, item);
            else merged.Add((JsonNode)Plain(change));
        }

        return order is null ? merged : Ordered(merged, order, one => one?[key]?.ToJsonString());
    }

    static JsonArray Union(JsonArray list, JsonArray items)
    {
        var union = (JsonArray)list.DeepClone();
        foreach (JsonNode? item in items)
            if (!union.Any(one => JsonNode.DeepEquals(one, item))) union.Add(item?.DeepClone());
        return union;
    }

    // Items that the order names come in its order; the others keep their place behind those that they followed.
    static JsonArray Ordered(JsonArray list, JsonArray order, Func<JsonNode?, string?> idOf)
    {
        string?[] wanted = [.. order.Select(idOf)];
        var named = list.Where(item => wanted.Contains(idOf(item))).OrderBy(item => Array.IndexOf(wanted, idOf(item))).ToList();
        var result = new List<JsonNode?>();
        int next = 0;
        foreach (JsonNode? item in list)
            result.Add(wanted.Contains(idOf(item)) ? named[next++] : item);
        return [.. result.Select(static item => item?.DeepClone())];
    }

    static void ApplyListDirective(JsonObject result, string name, JsonNode? value, JsonObject patch, Schema schema)
    {
        if (name.StartsWith(DeleteFrom, StringComparison.Ordinal) && result[name[DeleteFrom.Length..]] is JsonArray list && value is JsonArray gone)
        {
            foreach (JsonNode? item in gone)
                if (list.FirstOrDefault(one => JsonNode.DeepEquals(one, item)) is { } found) list.Remove(found);
        }
        else if (name.StartsWith(OrderOf, StringComparison.Ordinal) && value is JsonArray order)
        {
            string member = name[OrderOf.Length..];
            if (result[member] is not JsonArray items || schema.Find(member)?.MergeKey is not { } key) return;
            if (key.Length > 0 && patch[member] is not null) return;
            result[member] = Ordered(items, order, one => (key.Length > 0 ? one?[key] : one)?.ToJsonString());
        }
    }

    static void Retain(JsonObject result, JsonObject patch)
    {
        if (patch[RetainKeys] is not JsonArray kept) return;
        string[] names = [.. kept.Select(static name => name!.GetValue<string>())];
        foreach (string name in result.Select(static member => member.Key).Except(names).ToArray()) result.Remove(name);
    }

    // What is new has no old state that directives could be about.
    static JsonObject Plain(JsonObject patch)
    {
        var plain = new JsonObject();
        foreach ((string name, JsonNode? value) in patch)
        {
            if (name.StartsWith('$') || value is null) continue;
            plain[name] = value switch
            {
                JsonObject record => Plain(record),
                JsonArray list => new JsonArray([.. list.Where(static item => item.TextAt(Directive) is null).Select(static item => item is JsonObject one ? Plain(one) : item?.DeepClone())]),
                _ => value.DeepClone(),
            };
        }

        return plain;
    }
}
