namespace Strake.Daemon.Server;

/// <summary>What stood in the holes of a route's template.</summary>
sealed class RouteValues
{
    readonly List<KeyValuePair<string, string>> values = [];

    /// <summary>The value of a hole that the template has.</summary>
    /// <exception cref="KeyNotFoundException">The template has no such hole: a defect of the route.</exception>
    public string this[string name]
    {
        get
        {
            foreach ((string key, string value) in values)
                if (string.Equals(key, name, StringComparison.Ordinal)) return value;
            throw new KeyNotFoundException($"the route has no {{{name}}}");
        }
    }

    /// <summary>Adds a hole's value.</summary>
    public void Add(string name, string value) => values.Add(new(name, value));
}
