using System.Text.Json;
using System.Text.RegularExpressions;
using Strake.Daemon.Server;

namespace Strake.Daemon.DockerApi;

/// <summary>
/// The query parameter <c>filters</c>: names with one or more values each. Values of one name are alternatives unless the name says
/// otherwise; different names all have to hold.
/// </summary>
/// <remarks>moby <c>api/types/filters/parse.go</c>. Two forms: <c>{"label":{"a":true}}</c> and, of old, <c>{"label":["a"]}</c>.</remarks>
sealed class Filters
{
    // A client writes the pattern: it may not keep a core busy.
    static readonly TimeSpan s_patternTime = TimeSpan.FromMilliseconds(100);

    readonly Dictionary<string, IReadOnlyList<string>> values;

    Filters(Dictionary<string, IReadOnlyList<string>> values) => this.values = values;

    /// <summary>All names with their values.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> All => values;

    /// <summary>Reads a request's filters.</summary>
    /// <param name="query">The query.</param>
    /// <param name="allowed">The names that the operation knows.</param>
    /// <exception cref="StrakeException">Invalid: <c>invalid filter</c>, with the name where it is not known.</exception>
    public static Filters Read(QueryParameters query, params ReadOnlySpan<string> allowed)
    {
        Filters filters = query.Text("filters") is { } text ? Parse(text) : new([]);
        foreach (string name in filters.values.Keys)
            if (!allowed.Contains(name)) throw StrakeException.Invalid($"invalid filter '{name}'");
        return filters;
    }

    /// <summary>Reads the parameter's text.</summary>
    /// <exception cref="StrakeException">Invalid: neither form.</exception>
    public static Filters Parse(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return new(Read(document.RootElement));
        }
        catch (JsonException e)
        {
            throw StrakeException.Invalid("invalid filter", e);
        }
    }

    static Dictionary<string, IReadOnlyList<string>> Read(JsonElement root)
    {
        var found = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (root.ValueKind is JsonValueKind.Null) return found;
        if (root.ValueKind is not JsonValueKind.Object) throw StrakeException.Invalid("invalid filter");
        foreach (JsonProperty property in root.EnumerateObject())
        {
            IReadOnlyList<string> texts = property.Value.ValueKind switch
            {
                JsonValueKind.Object => [.. property.Value.EnumerateObject().Where(value => IsTrue(value.Value)).Select(value => value.Name)],
                JsonValueKind.Array => [.. property.Value.EnumerateArray().Select(TextOf)],
                _ => throw StrakeException.Invalid("invalid filter"),
            };
            if (texts.Count > 0) found[property.Name] = texts;
        }

        return found;
    }

    static bool IsTrue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw StrakeException.Invalid("invalid filter"),
    };

    static string TextOf(JsonElement value) =>
        value.ValueKind is JsonValueKind.String ? value.GetString()! : throw StrakeException.Invalid("invalid filter");

    /// <summary>Whether the name was given.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>The values of a name; empty when it was not given.</summary>
    public IReadOnlyList<string> Of(string name) => values.TryGetValue(name, out IReadOnlyList<string>? found) ? found : [];

    /// <summary>A filter that says yes or no.</summary>
    /// <exception cref="StrakeException">Invalid: another value, or both.</exception>
    public bool? YesOrNo(string name)
    {
        if (Of(name) is not { Count: > 0 } found) return null;
        bool yes = found.All(value => value is "1" or "t" or "T" or "true" or "True" or "TRUE");
        bool no = found.All(value => value is "0" or "f" or "F" or "false" or "False" or "FALSE");
        return yes || no ? yes : throw Bad(name, $"[{string.Join(' ', found)}]");
    }

    /// <summary>A point in time; null when not given.</summary>
    /// <exception cref="StrakeException">Invalid: no time, or more than one.</exception>
    public DateTimeOffset? Time(string name, DateTimeOffset now)
    {
        if (Of(name) is not { Count: > 0 } found) return null;
        if (found.Count > 1) throw StrakeException.Invalid($"more than one {name} filter specified");
        return DockerTime.TryParse(found[0], now, out DateTimeOffset time) ? time : throw Bad(name, found[0]);
    }

    /// <summary>True when not given, or when a value is the text or, as a pattern, matches part of it.</summary>
    /// <exception cref="StrakeException">Invalid: the pattern takes too long.</exception>
    public bool Matches(string name, string text)
    {
        if (!Has(name)) return true;
        foreach (string value in Of(name))
            if (string.Equals(value, text, StringComparison.Ordinal) || MatchesPattern(name, value, text)) return true;
        return false;
    }

    static bool MatchesPattern(string name, string pattern, string text)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, s_patternTime);
        }
        catch (RegexParseException)
        {
            // As in Docker: what is no pattern matches nothing but itself.
            return false;
        }
        catch (RegexMatchTimeoutException e)
        {
            throw StrakeException.Invalid($"invalid filter '{name}={pattern}': the pattern takes too long", e);
        }
    }

    /// <summary>True when not given, or when a value is the text.</summary>
    public bool Equal(string name, string text) => !Has(name) || Of(name).Contains(text, StringComparer.Ordinal);

    /// <summary>True when not given, or when the text begins with a value.</summary>
    public bool Begins(string name, string text) =>
        !Has(name) || Of(name).Any(value => text.StartsWith(value, StringComparison.Ordinal));

    /// <summary>Whether labels satisfy <c>label</c> (every <c>key</c> or <c>key=value</c> is there) and <c>label!</c> (none is).</summary>
    public bool AllowLabels(IReadOnlyDictionary<string, string>? labels) =>
        Of("label").All(wanted => HasLabel(labels, wanted)) && !Of("label!").Any(unwanted => HasLabel(labels, unwanted));

    static bool HasLabel(IReadOnlyDictionary<string, string>? labels, string wanted)
    {
        if (labels is null) return false;
        int equals = wanted.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0) return labels.ContainsKey(wanted);
        return labels.TryGetValue(wanted[..equals], out string? value) && string.Equals(value, wanted[(equals + 1)..], StringComparison.Ordinal);
    }

    /// <summary>The refusal of a value.</summary>
    public static StrakeException Bad(string name, string value) => StrakeException.Invalid($"invalid filter '{name}={value}'");
}
