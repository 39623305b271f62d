namespace Strake.Images;

/// <summary>A key and its value in a TOML text, with the table it stands in.</summary>
/// <param name="Table">The names of the table; empty: the top.</param>
/// <param name="Key">The key; empty for the header of a table itself.</param>
/// <param name="Value">A string, a bool, or a list of such.</param>
/// <param name="Line">Its line, from 1.</param>
sealed record TomlEntry(IReadOnlyList<string> Table, string Key, object? Value, int Line)
{
    /// <summary>Its value as text.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public string Text() => Value as string ?? throw Fault($"\"{Key}\" has to be a string");

    /// <summary>Its value as yes or no.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public bool Flag() => Value as bool? ?? throw Fault($"\"{Key}\" has to be true or false");

    /// <summary>Its value as texts: one, or a list.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public IReadOnlyList<string> Texts() => Value switch
    {
        string one => [one],
        List<object> all when all.TrueForAll(static v => v is string) => [.. all.Cast<string>()],
        _ => throw Fault($"\"{Key}\" has to be a string or a list of strings"),
    };

    /// <summary>Its value as lists of texts: a text, a list of texts (one list each), or a list of lists.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public IReadOnlyList<IReadOnlyList<string>> Lists() => Value is List<object> all && all.TrueForAll(static v => v is List<object> inner && inner.TrueForAll(static t => t is string))
        ? [.. all.Cast<List<object>>().Select(static inner => (IReadOnlyList<string>)[.. inner.Cast<string>()])]
        : [.. Texts().Select(static text => (IReadOnlyList<string>)[text])];

    /// <summary>A fault in its line.</summary>
    public FormatException Fault(string message) => new($"line {Line}: {message}");
}
