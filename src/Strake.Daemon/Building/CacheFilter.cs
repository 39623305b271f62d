using Strake.Build;
using Strake.Daemon.DockerApi;

namespace Strake.Daemon.Building;

/// <summary>One of the filters of <c>docker builder prune</c> and <c>docker buildx du</c>: <c>id~=…</c>, <c>type!=…</c>, <c>inuse</c>.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Value">What that is compared with.</param>
/// <param name="Comparison"><c>=</c>, <c>!=</c> or <c>~=</c> (contains).</param>
sealed record CacheFilter(string Name, string Value, string Comparison)
{
    static readonly string[] s_names = ["id", "type", "description", "inuse", "mutable", "immutable", "shared", "private", "until", "unused-for"];

    /// <summary>Reads filters, several in a text with commas between them.</summary>
    /// <exception cref="StrakeException">Invalid: one is not known.</exception>
    public static IReadOnlyList<CacheFilter> Parse(IEnumerable<string> texts) =>
        [.. texts.SelectMany(static text => text.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(static text => Parse(text))];

    static CacheFilter Parse(string text)
    {
        // A name alone is a flag that is set.
        int at = text.IndexOf('=', StringComparison.Ordinal);
        string name = at < 0 ? text : text[..at];
        string comparison = "=";
        if (name.Length > 0 && name[^1] is '!' or '~')
        {
            comparison = name[^1] + "=";
            name = name[..^1];
        }

        return s_names.Contains(name, StringComparer.Ordinal)
            ? new CacheFilter(name, at < 0 ? "true" : text[(at + 1)..].TrimStart('='), comparison)
            : throw StrakeException.Invalid($"invalid filter '{text}': there are {string.Join(", ", s_names)}");
    }

    /// <summary>Whether it holds.</summary>
    public bool Holds(BuildCacheItem item, DateTimeOffset now) => Name switch
    {
        "until" or "unused-for" => item.LastUsed < (DockerTime.TryParse(Value, now, out DateTimeOffset time) ? time : throw StrakeException.Invalid($"invalid filter '{Name}={Value}': it is no time")),
        _ => Compare(ValueOf(item)),
    };

    bool Compare(string value) => Comparison switch
    {
        "!=" => !value.Equals(Value, StringComparison.Ordinal),
        "~=" => value.Contains(Value, StringComparison.Ordinal),
        _ => value.Equals(Value, StringComparison.Ordinal) || (Name is "id" && value.StartsWith(Value, StringComparison.Ordinal)),
    };

    string ValueOf(BuildCacheItem item) => Name switch
    {
        "id" => item.Id,
        "type" => item.Kind,
        "description" => item.Description,
        "inuse" => Flag(item.IsInUse),
        "mutable" => Flag(item.Kind is "exec.cachemount"),
        "immutable" => Flag(item.Kind is not "exec.cachemount"),
        "shared" => Flag(item.IsShared),
        _ => Flag(!item.IsShared),
    };

    static string Flag(bool value) => value ? "true" : "false";
}
