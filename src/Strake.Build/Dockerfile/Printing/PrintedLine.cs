using System.Text;

namespace Strake.Build;

/// <summary>An instruction's line: name, flags, arguments, here-documents.</summary>
static class PrintedLine
{
    /// <summary>Writes the line, and after it the here-documents that its arguments name.</summary>
    /// <param name="keyword">The instruction's name.</param>
    /// <param name="flags">The flags; those without a value are left out.</param>
    /// <param name="arguments">The arguments, without blanks around them.</param>
    /// <param name="documents">The here-documents.</param>
    /// <param name="escape">The file's escape character.</param>
    public static string WithDocuments(
        string keyword, ValueList<(string Name, string? Value)> flags, string arguments, ValueList<HereDocument> documents, char escape)
    {
        var line = Line(keyword, flags, arguments, value => Quoted(value, escape));

        // Here-documents are looked for in the whole line, by other rules for quotes.
        if (line.Contains("<<", StringComparison.Ordinal) && !Announces(line, documents)) line = Line(keyword, flags, arguments, value => QuotedTwice(value, escape));

        var result = new StringBuilder(line);

        // A blank at the end is part of an open quote. An escape character with nothing to follow keeps it, and is dropped itself.
        if (char.IsWhiteSpace(line[^1])) result.Append(escape);

        // The line must not go on in the next one. Blanks at its end are nothing, but of them only these keep the escape character from working.
        if (result[^1] == escape && result[^2] != escape) result.Append('\f');
        result.Append('\n');
        foreach (var document in documents) result.Append(document.Content).Append(document.Name).Append('\n');
        return result.ToString();
    }

    /// <summary>Whether a line is read as one that names these here-documents.</summary>
    public static bool Announces(string line, ValueList<HereDocument> documents) =>
        HereDocumentMark.FindIn(line).Select(mark => mark.Name).SequenceEqual(documents.Select(document => document.Name));

    static string Line(string keyword, ValueList<(string Name, string? Value)> flags, string arguments, Func<string, string> quote)
    {
        var result = new StringBuilder(keyword);
        foreach (var (name, value) in flags)
        {
            if (value is not null) result.Append(" --").Append(name).Append('=').Append(quote(value));
        }

        // Two dashes alone end the flags.
        if (arguments.StartsWith("--", StringComparison.Ordinal)) result.Append(" --");
        if (arguments.Length > 0) result.Append(' ').Append(arguments);
        return result.ToString();
    }

    static string Quoted(string value, char escape)
    {
        if (value.Length > 0 && !value.Any(c => c is '"' or '\'' || c == escape || char.IsWhiteSpace(c))) return value;
        var result = new StringBuilder("\"");
        foreach (var c in value)
        {
            if (c == '"' || c == escape) result.Append(escape);
            result.Append(c);
        }

        return result.Append('"').ToString();
    }

    // In a form that says the same by both rules: that of flags, where the escape character also works within single quotes, and that of a
    // shell, where it is a backslash in any case.
    static string QuotedTwice(string value, char escape)
    {
        var result = new StringBuilder("''");
        foreach (var c in value)
        {
            if (c == escape) result.Append(escape).Append(c);
            else if (c is '\'') result.Append("\"'\"");
            else if (c is '"' or '$' or '\\' || char.IsWhiteSpace(c)) result.Append('\'').Append(c).Append('\'');
            else result.Append(c);
        }

        return result.ToString();
    }
}
