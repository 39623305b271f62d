using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Strake.Daemon.Server;

/// <summary>A request's query, read with the rules that Docker's clients rely on.</summary>
/// <param name="query">The decoded query.</param>
/// <remarks>Booleans and numbers: moby <c>daemon/server/httputils/form.go</c>.</remarks>
sealed class QueryParameters(IQueryCollection query)
{
    /// <summary>A parameter's first value; null where it is missing or empty.</summary>
    public string? Text(string name) => query.TryGetValue(name, out StringValues values) && values[0] is { Length: > 0 } text ? text : null;

    /// <summary>All values of a repeated parameter; an empty one is left out.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        var found = new List<string>();
        foreach (string? value in query[name])
            if (!string.IsNullOrEmpty(value)) found.Add(value);
        return found;
    }

    /// <summary>Whether the parameter is there at all, empty or not.</summary>
    public bool Has(string name) => query.ContainsKey(name);

    /// <summary>True unless missing, empty, or one of Docker's words for no.</summary>
    public bool Flag(string name) => !IsNo(query[name].ToString());

    /// <summary>As <see cref="Flag(string)"/>, with a value for a parameter that is missing or empty.</summary>
    public bool Flag(string name, bool whenMissing) => Text(name) is { } text ? !IsNo(text) : whenMissing;

    /// <summary>A whole number; null where it is missing or empty.</summary>
    /// <exception cref="StrakeException">Invalid: the value is no number.</exception>
    public long? Number(string name)
    {
        if (Text(name) is not { } text) return null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)) return number;
        throw StrakeException.Invalid($"invalid value for query parameter {name}: \"{text}\" is not a number");
    }

    /// <summary>Refuses what the route does not understand, unless it says no or nothing.</summary>
    /// <param name="route">The route with the names it knows.</param>
    /// <exception cref="StrakeException">NotSupported: names the parameter.</exception>
    public void RefuseUnknown(Route route)
    {
        if (route.TakesAnyQuery) return;
        foreach ((string name, StringValues values) in query)
        {
            if (route.Query.Contains(name, StringComparer.Ordinal) || IsDefault(values)) continue;
            throw StrakeException.NotSupported(
                $"query parameter {name}={values} of {route.Method} {route.Template.Text} is not supported yet; leave the option out");
        }
    }

    static bool IsDefault(StringValues values)
    {
        foreach (string? value in values)
            if (!IsNo(value ?? "") && value is not ("null" or "{}" or "[]")) return false;
        return true;
    }

    static bool IsNo(string value) =>
        value.Trim() is var word && (word.Length == 0 || word == "0"
            || word.Equals("no", StringComparison.OrdinalIgnoreCase) || word.Equals("false", StringComparison.OrdinalIgnoreCase)
            || word.Equals("none", StringComparison.OrdinalIgnoreCase));
}
