using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>From a definition to the kinds that it defines: one for each version that is served.</summary>
/// <remarks>All versions are of one shape but for what their schemas say: conversion is by name alone (<c>strategy: None</c>).</remarks>
static class CustomKind
{
    /// <summary>The kinds of a definition; the one under which objects are stored is first.</summary>
    public static IReadOnlyList<ResourceKind> AllOf(JsonObject definition)
    {
        JsonObject[] versions = [.. definition.ItemsAt("spec", "versions").OfType<JsonObject>().OrderByDescending(static one => one.FlagAt("storage") is true)];
        if (versions.Length == 0) return [];
        ResourceKind storage = Of(definition, versions[0], storedAs: null);
        return [storage, .. versions.Skip(1).Where(static one => one.FlagAt("served") is true).Select(one => Of(definition, one, storage))];
    }

    static ResourceKind Of(JsonObject definition, JsonObject version, ResourceKind? storedAs)
    {
        JsonObject names = definition.ObjectAt("spec", "names") ?? [];
        string group = definition.TextAt("spec", "group") ?? "", kind = names.TextAt("kind") ?? "", name = version.TextAt("name") ?? "";
        string published = string.Join('.', group.Split('.').Reverse()) + $".{name}.{kind}";
        var schema = version.ObjectAt("schema", "openAPIV3Schema")?.DeepClone() as JsonObject;
        return new ResourceKind
        {
            Group = group, Version = name, Kind = kind, Plural = names.TextAt("plural") ?? "", SingularName = names.TextAt("singular"),
            ShortNames = Texts(names, "shortNames"), Categories = Texts(names, "categories"),
            IsNamespaced = definition.TextAt("spec", "scope") == "Namespaced",
            HasStatus = version.ObjectAt("subresources", "status") is not null,
            HasScale = version.TextAt("subresources", "scale", "specReplicasPath") == ".spec.replicas",
            HasGeneration = true, IsCustom = true,
            Describe = () => CustomSchema.OfObject(published, schema),
            Columns = [Columns.Name, .. ColumnsOf(version)],
            StoredAs = storedAs,
        };
    }

    static string[] Texts(JsonObject names, string list) => [.. names.ItemsAt(list).Select(static one => one?.GetValue<string>() ?? "")];

    static IEnumerable<Column> ColumnsOf(JsonObject version)
    {
        JsonObject[] given = [.. version.ItemsAt("additionalPrinterColumns").OfType<JsonObject>()];
        return given.Length == 0 ? [Columns.Age] : given.Select(ColumnOf);
    }

    static Column ColumnOf(JsonObject given)
    {
        string type = given.TextAt("type") ?? "string";
        CustomPath? path = CustomPath.Parse(given.TextAt("jsonPath") ?? "");
        return new Column(given.TextAt("name") ?? "", type is "date" ? "string" : type, given.TextAt("description") ?? "", (item, now) => CellOf(path?.Find(item), type, now))
        {
            Priority = (int)(given.NumberAt("priority") ?? 0),
        };
    }

    static Cell CellOf(JsonElement? value, string type, DateTimeOffset now) => value switch
    {
        null => type is "date" ? Columns.Since(null, now) : "",
        { ValueKind: JsonValueKind.True or JsonValueKind.False } flag => flag.GetBoolean(),
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out long whole) => whole,
        { } time when type is "date" => Columns.Since(time.ToString(), now),
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { } other => string.Create(CultureInfo.InvariantCulture, $"{other.GetRawText()}"),
    };
}
