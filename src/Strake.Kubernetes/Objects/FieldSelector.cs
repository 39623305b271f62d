using System.Text.Json;
using Strake.Kubernetes.Kinds;

namespace Strake.Kubernetes.Objects;

/// <summary>Conditions on fields, all of which must hold: what stands in <c>?fieldSelector=</c>. Immutable.</summary>
/// <remarks>apimachinery <c>pkg/fields/selector.go</c>: <c>a.b=c, d!=e</c>; backslashes keep <c>, = \</c> from their meaning.</remarks>
public sealed class FieldSelector
{
    readonly IReadOnlyList<Condition> conditions;

    FieldSelector(IReadOnlyList<Condition> conditions) => this.conditions = conditions;

    /// <summary>No condition: everything matches.</summary>
    public static FieldSelector Everything { get; } = new([]);

    /// <summary>Whether everything matches.</summary>
    public bool IsEmpty => conditions.Count == 0;

    /// <summary>The one name that can match; null: there may be several.</summary>
    public string? Name => conditions.FirstOrDefault(condition => condition is { Field: "metadata.name", IsEqual: true })?.Value;

    /// <summary>Reads a selector for a kind.</summary>
    /// <param name="text">The text; null or empty: everything.</param>
    /// <param name="kind">The kind whose fields it names.</param>
    /// <exception cref="StatusException">BadRequest: it is none, or names a field by which the kind is not selected.</exception>
    public static FieldSelector Parse(string? text, ResourceKind kind)
    {
        if (string.IsNullOrWhiteSpace(text)) return Everything;
        var read = Split(text).Select(ReadOne).ToList();
        foreach (Condition condition in read)
        {
            bool isKnown = condition.Field is "metadata.name" || (condition.Field is "metadata.namespace" && kind.IsNamespaced) || kind.SelectableFields.Contains(condition.Field);
            if (!isKnown) throw StatusException.BadRequest($"Unable to find \"{kind.GroupVersion}, Resource={kind.Plural}\" that match label selector \"\", field selector \"{text}\": field label not supported: {condition.Field}");
        }

        return new(read);
    }

    /// <summary>Whether an object meets all conditions.</summary>
    /// <param name="stored">The object.</param>
    /// <param name="kind">The kind as which it is served: its names of fields count.</param>
    public bool Matches(StoredObject stored, ResourceKind kind)
    {
        if (conditions.Count == 0) return true;
        foreach (Condition condition in conditions)
            if (FromName(stored, condition.Field) is { } known && known == condition.Value != condition.IsEqual) return false;
        if (conditions.All(condition => FromName(stored, condition.Field) is not null)) return true;
        using JsonDocument document = JsonDocument.Parse(ObjectJson.Served(stored, kind));
        return conditions.All(condition => TextOf(document.RootElement, condition.Field) == condition.Value == condition.IsEqual);
    }

    static string? FromName(StoredObject stored, string field) => field switch
    {
        "metadata.name" => stored.Name.Name,
        "metadata.namespace" => stored.Name.Namespace,
        _ => null,
    };

    // A missing value is an empty one: so says the API.
    static string TextOf(JsonElement document, string field) => document.At(field.Split('.')) switch
    {
        null => "",
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.True } => "true",
        { ValueKind: JsonValueKind.False } => "false",
        { } other => other.GetRawText(),
    };

    static List<string> Split(string text)
    {
        var parts = new List<string>();
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == ',')
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }

    static Condition ReadOne(string text)
    {
        foreach ((string sign, bool isEqual) in ((string, bool)[])[("!=", false), ("==", true), ("=", true)])
        {
            int at = text.IndexOf(sign, StringComparison.Ordinal);
            if (at > 0) return new(text[..at].Trim(), Unescape(text[(at + sign.Length)..]), isEqual);
        }

        throw StatusException.BadRequest($"invalid selector: '{text}'; can't understand '{text}'");
    }

    static string Unescape(string value) =>
        value.Replace("\\,", ",", StringComparison.Ordinal).Replace("\\=", "=", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);

    sealed record Condition(string Field, string Value, bool IsEqual);
}
