using System.Globalization;
using System.Text.Json;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Records;

/// <summary>
/// How the records read documents: what is missing or of another type is as if it were not there, for the API server has validated what users wrote,
/// and a decision must not fall over what a later version adds. Lists end at a bound.
/// </summary>
static class JsonFields
{
    const int MaxItems = 4096;

    /// <summary>A field, undefined when there is none. Several names lead down into the document.</summary>
    public static JsonElement At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
            if (element.ValueKind is not JsonValueKind.Object || !element.TryGetProperty(name, out element)) return default;
        return element;
    }

    public static string Text(this JsonElement element, string name) => element.TextOrNull(name) ?? "";

    public static string? TextOrNull(this JsonElement element, string name) => element.At(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static bool Flag(this JsonElement element, string name, bool fallback = false) =>
        element.At(name).ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => fallback };

    public static int Number(this JsonElement element, string name, int fallback = 0) =>
        element.At(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out int value) ? value : fallback;

    public static bool Has(this JsonElement element, string name) => element.At(name).ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    public static DateTimeOffset? Time(this JsonElement element, string name) =>
        DateTimeOffset.TryParse(element.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    /// <summary>A word that is a member of an enumeration by the same name.</summary>
    public static T Word<T>(this JsonElement element, string name, T fallback)
        where T : struct, Enum => ParseWord(element.Text(name), fallback);

    public static T ParseWord<T>(string word, T fallback)
        where T : struct, Enum => word.All(char.IsAsciiLetter) && Enum.TryParse(word, out T value) ? value : fallback;

    /// <summary>A quantity; numbers are quantities too.</summary>
    public static Quantity? Quantity(this JsonElement element, string name)
    {
        JsonElement field = element.At(name);
        string? text = field.ValueKind switch
        {
            JsonValueKind.String => field.GetString(),
            JsonValueKind.Number => field.GetRawText(),
            _ => null,
        };
        return text is not null && Objects.Quantity.TryParse(text.AsSpan().Trim(), out Quantity value) ? value : null;
    }

    public static ValueList<T> List<T>(this JsonElement element, string name, Func<JsonElement, T> read) =>
        element.At(name) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray().Take(MaxItems).Select(read)] : [];

    public static ValueList<string> Texts(this JsonElement element, string name) =>
        element.List(name, static item => item.ValueKind is JsonValueKind.String ? item.GetString()! : item.GetRawText());

    public static TextMap Map(this JsonElement element, string name) => element.At(name) is { ValueKind: JsonValueKind.Object } map
        ? TextMap.Of(map.EnumerateObject().Take(MaxItems).Where(static entry => entry.Value.ValueKind is JsonValueKind.String)
            .Select(static entry => KeyValuePair.Create(entry.Name, entry.Value.GetString()!)))
        : TextMap.Empty;
}
