using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Schemas;

namespace Strake.Kubernetes.Kinds;

/// <summary>From the structural schema of a definition to a schema as built-in kinds have it.</summary>
/// <remarks>Not looked at: rules in CEL, and <c>oneOf</c>, <c>anyOf</c>, <c>allOf</c>, <c>not</c>, which in structural schemas only restrict values.</remarks>
static class CustomSchema
{
    /// <summary>The schema of a whole object.</summary>
    /// <param name="name">The name under which it is published.</param>
    /// <param name="given">The schema as the definition has it; null: there is none, and everything is kept.</param>
    public static Schema OfObject(string name, JsonObject? given)
    {
        SchemaField[] own = given is null ? [] : [.. Fields(given).Where(static field => field.Name is not ("apiVersion" or "kind" or "metadata"))];
        SchemaField[] all = [.. MetaSchema.Head, Describe.Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."), .. own];
        return new Schema(name, given.TextAt("description") ?? "", () => all) { KeepsUnknown = given is null || KeepsUnknown(given) };
    }

    static Schema Of(JsonObject given)
    {
        if (given.FlagAt("x-kubernetes-int-or-string") is true) return Scalar(SchemaType.IntOrText, given);
        return given.TextAt("type") switch
        {
            "object" => OfRecord(given),
            "array" => OfList(given),
            "string" => Scalar(SchemaType.Text, given) is var text && given.TextAt("format") == "byte" ? Scalar(SchemaType.Bytes, given) : text,
            "integer" => Scalar(given.TextAt("format") == "int32" ? SchemaType.Int32 : SchemaType.Int64, given),
            "number" => Scalar(SchemaType.Number, given),
            "boolean" => Scalar(SchemaType.Flag, given),
            _ => Scalar(SchemaType.Anything, given),
        };
    }

    static Schema OfRecord(JsonObject given)
    {
        if (given["additionalProperties"] is JsonObject values) return new Schema(SchemaType.Map) { Description = DescriptionOf(given), Items = Of(values), IsAtomic = IsAtomic(given) };
        if (given.FlagAt("additionalProperties") is true) return new Schema(SchemaType.Map) { Description = DescriptionOf(given), Items = Describe.Anything, IsAtomic = IsAtomic(given) };
        SchemaField[] fields = [.. Fields(given)];
        return new Schema(null, DescriptionOf(given), () => fields) { KeepsUnknown = KeepsUnknown(given), IsAtomic = IsAtomic(given) };
    }

    static Schema OfList(JsonObject given) => new(SchemaType.List)
    {
        Description = DescriptionOf(given),
        Items = given["items"] is JsonObject items ? Of(items) : Describe.Anything,
        Bounds = BoundsOf(given),
        Form = given.TextAt("x-kubernetes-list-type") switch
        {
            "set" => ListForm.Set,
            "map" => ListForm.Keyed,
            _ => ListForm.Atomic,
        },
        Keys = [.. given.ItemsAt("x-kubernetes-list-map-keys").Select(static key => key?.GetValue<string>() ?? "")],
    };

    static Schema Scalar(SchemaType type, JsonObject given) => new(type)
    {
        Description = DescriptionOf(given),
        Bounds = BoundsOf(given),
        Values = type is SchemaType.Text ? [.. given.ItemsAt("enum").Select(static value => value?.ToString() ?? "")] : [],
    };

    static IEnumerable<SchemaField> Fields(JsonObject given)
    {
        string[] required = [.. given.ItemsAt("required").Select(static one => one?.GetValue<string>() ?? "")];
        foreach ((string name, JsonNode? field) in given.ObjectAt("properties") ?? [])
        {
            if (field is not JsonObject value) continue;
            yield return new SchemaField(name, Of(value), DescriptionOf(value)) { IsRequired = required.Contains(name), Default = value["default"]?.ToJsonString() };
        }
    }

    static SchemaBounds? BoundsOf(JsonObject given)
    {
        var bounds = new SchemaBounds
        {
            Minimum = Number(given, "minimum"), Maximum = Number(given, "maximum"),
            MinLength = (int?)given.NumberAt("minLength"), MaxLength = (int?)given.NumberAt("maxLength"),
            MinItems = (int?)given.NumberAt("minItems"), MaxItems = (int?)given.NumberAt("maxItems"),
            Pattern = given.TextAt("pattern"),
        };
        return bounds == new SchemaBounds() ? null : bounds;
    }

    static double? Number(JsonObject given, string name) =>
        double.TryParse(given[name]?.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out double number) ? number : null;

    static string DescriptionOf(JsonObject given) => given.TextAt("description") ?? "";

    static bool KeepsUnknown(JsonObject given) =>
        given.FlagAt("x-kubernetes-preserve-unknown-fields") is true || given.FlagAt("x-kubernetes-embedded-resource") is true;

    static bool IsAtomic(JsonObject given) => given.TextAt("x-kubernetes-map-type") == "atomic";
}
