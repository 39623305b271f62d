using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>What happened to objects. The kind is served by two groups, in two shapes: the objects are the same.</summary>
public static class EventKind
{
    // The names of one thing in the core group and in events.k8s.io.
    static readonly (string Core, string Events)[] s_names =
    [
        ("involvedObject", "regarding"), ("message", "note"), ("source", "deprecatedSource"), ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"), ("count", "deprecatedCount"), ("reportingComponent", "reportingController"),
    ];

    /// <summary>The kind of the core group.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "", Kind = "Event", Plural = "events", ShortNames = ["ev"], IsNamespaced = true,
        Describe = static () => EventSchema.Event,
        SelectableFields =
        [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
            "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
        ],
        Columns = ColumnsOf("involvedObject", "message", "lastTimestamp", "firstTimestamp", "count", "source"),
    };

    /// <summary>The kind of the group events.k8s.io.</summary>
    public static ResourceKind InOwnGroup { get; } = new()
    {
        Group = "events.k8s.io", Kind = "Event", Plural = "events", ShortNames = ["ev"], IsNamespaced = true,
        Describe = static () => OwnGroupSchema(),
        StoredAs = Kind,
        FromStored = static document => Renamed(document, static name => s_names.FirstOrDefault(pair => pair.Core == name).Events),
        ToStored = static document => Renamed(document, static name => s_names.FirstOrDefault(pair => pair.Events == name).Core),
        SelectableFields =
        [
            "regarding.kind", "regarding.namespace", "regarding.name", "regarding.uid", "regarding.apiVersion", "regarding.resourceVersion",
            "regarding.fieldPath", "reason", "reportingController", "type",
        ],
        Columns = ColumnsOf("regarding", "note", "deprecatedLastTimestamp", "deprecatedFirstTimestamp", "deprecatedCount", "deprecatedSource"),
    };

    static Schema OwnGroupSchema() => Record(
        Definitions.Events + "Event", EventSchema.Event.Description,
        [.. EventSchema.Event.Fields.Select(static field => field with { Name = s_names.FirstOrDefault(pair => pair.Core == field.Name).Events ?? field.Name })]);

    static JsonObject Renamed(JsonObject document, Func<string, string?> rename)
    {
        var renamed = new JsonObject();
        foreach ((string name, JsonNode? value) in document.ToArray())
        {
            document.Remove(name);
            renamed[rename(name) ?? name] = value;
        }

        return renamed;
    }

    static Column[] ColumnsOf(string about, string text, string last, string first, string count, string source) =>
    [
        new("Last Seen", "string", "How long ago it happened last.", (item, now) => Columns.Since(LastOf(item, last, first), now)),
        Columns.Path("Type", "Normal or Warning.", "type"),
        Columns.Path("Reason", "Why, in one word.", "reason"),
        Columns.Text("Object", "What it is about.", item => $"{item.TextAt(about, "kind")?.ToLowerInvariant()}/{item.TextAt(about, "name")}"),
        Columns.Path("Subobject", "The part that it is about.", about, "fieldPath").Wide(),
        Columns.Text("Source", "Who tells.", item => SourceOf(item, source)).Wide(),
        Columns.Text("Message", "What happened.", item => item.TextAt(text)?.Trim() ?? ""),
        new Column("First Seen", "string", "How long ago it happened first.", (item, now) => Columns.Since(item.TextAt(first) ?? item.TextAt("eventTime"), now)).Wide(),
        Columns.Count("Count", "How often it happened.", item => item.NumberAt("series", "count") ?? item.NumberAt(count) ?? 1).Wide(),
        Columns.Name.Wide(),
    ];

    static string? LastOf(JsonElement item, string last, string first) =>
        item.TextAt("series", "lastObservedTime") ?? item.TextAt(last) ?? item.TextAt(first) ?? item.TextAt("eventTime");

    static string SourceOf(JsonElement item, string source)
    {
        string component = item.TextAt(source, "component") ?? item.TextAt("reportingComponent") ?? item.TextAt("reportingController") ?? "";
        return item.TextAt(source, "host") is { } host ? $"{component}, {host}" : component;
    }
}
