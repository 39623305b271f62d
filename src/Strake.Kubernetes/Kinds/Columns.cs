using System.Globalization;
using System.Text.Json;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Columns that many kinds have, and words for those that one has.</summary>
static class Columns
{
    /// <summary>The name.</summary>
    public static Column Name { get; } = new("Name", "string", "The object's name.", static (item, _) => NameOf(item)) { Format = "name" };

    /// <summary>How long ago the object was created.</summary>
    public static Column Age { get; } = new(
        "Age", "string", "How long ago the object was created.", static (item, now) => Since(item.TextAt("metadata", "creationTimestamp"), now));

    /// <summary>A column of text.</summary>
    public static Column Text(string name, string description, Func<JsonElement, string> value) =>
        new(name, "string", description, (item, _) => value(item));

    /// <summary>A column of the text at a path; empty where there is none.</summary>
    public static Column Path(string name, string description, params string[] path) =>
        new(name, "string", description, (item, _) => item.TextAt(path) ?? "");

    /// <summary>A column of the text at a path, <c>&lt;unset&gt;</c> where there is none.</summary>
    public static Column Unset(string name, string description, params string[] path) =>
        new(name, "string", description, (item, _) => item.TextAt(path) ?? "<unset>");

    /// <summary>A column of a number.</summary>
    public static Column Count(string name, string description, Func<JsonElement, long> value) =>
        new(name, "integer", description, (item, _) => value(item));

    /// <summary>A column of a flag.</summary>
    public static Column Flag(string name, string description, Func<JsonElement, bool> value) =>
        new(name, "boolean", description, (item, _) => value(item));

    /// <summary>The name of a document.</summary>
    public static string NameOf(JsonElement item) => item.TextAt("metadata", "name") ?? "";

    /// <summary>Whether the object is on its way out.</summary>
    public static bool IsTerminating(JsonElement item) => item.At("metadata", "deletionTimestamp") is not null;

    /// <summary>The time since, as kubectl shows it; <c>&lt;unknown&gt;</c> for no time.</summary>
    public static string Since(string? time, DateTimeOffset now) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset then)
            ? Duration.Short(now - then)
            : "<unknown>";

    /// <summary>Access modes as kubectl shortens them: <c>RWO,ROX</c>.</summary>
    public static string AccessModes(JsonElement item, params ReadOnlySpan<string> path)
    {
        string[] modes = [.. item.ItemsAt(path).Select(mode => mode.GetString() ?? "")];
        string[] known = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];
        string[] shorts = ["RWO", "ROX", "RWX", "RWOP"];
        return string.Join(',', known.Zip(shorts).Where(pair => modes.Contains(pair.First)).Select(pair => pair.Second));
    }

    /// <summary>A label selector as kubectl shows it; <c>&lt;none&gt;</c> for none.</summary>
    public static string Selector(JsonElement item, params ReadOnlySpan<string> path)
    {
        if (item.At(path) is not { } selector) return "<none>";
        var parts = selector.MembersAt("matchLabels").Select(label => $"{label.Name}={label.Value.GetString()}").ToList();
        parts.AddRange(selector.ItemsAt("matchExpressions").Select(Expression));
        return parts.Count == 0 ? "<none>" : string.Join(',', parts);
    }

    static string Expression(JsonElement expression)
    {
        string key = expression.TextAt("key") ?? "";
        string values = string.Join(',', expression.ItemsAt("values").Select(value => value.GetString()));
        return expression.TextAt("operator") switch
        {
            "In" => $"{key} in ({values})",
            "NotIn" => $"{key} notin ({values})",
            "DoesNotExist" => "!" + key,
            _ => key,
        };
    }
}
