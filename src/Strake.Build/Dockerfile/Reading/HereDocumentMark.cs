using System.Text;

namespace Strake.Build;

/// <summary>A word that announces a here-document: digits, <c>&lt;&lt;</c>, a dash for tabs, a name that may be quoted.</summary>
/// <param name="Name">The name without quotes; not empty.</param>
/// <param name="Expands">Whether no part of it was quoted.</param>
/// <param name="DropsTabs">Whether there is a dash.</param>
sealed record HereDocumentMark(string Name, bool Expands, bool DropsTabs)
{
    /// <summary>The here-documents that a line announces, in its order.</summary>
    /// <remarks>
    /// The line is split as a shell would, with a backslash as escape character whatever the directives say; a line that cannot be split,
    /// with a quote left open, announces none.
    /// </remarks>
    /// <exception cref="StrakeException">Invalid: a name with a quote or brace that is not closed.</exception>
    public static IReadOnlyList<HereDocumentMark> FindIn(string line)
    {
        if (!line.Contains("<<", StringComparison.Ordinal)) return [];
        var words = Lexer(line, ExpansionOptions.KeepQuotes | ExpansionOptions.KeepEscapes).TryExpand()?.Words ?? [];
        return [.. words.Select(Parse).OfType<HereDocumentMark>()];
    }

    /// <summary>Reads a word; null when it announces none.</summary>
    /// <exception cref="StrakeException">Invalid: a name with a quote or brace that is not closed.</exception>
    public static HereDocumentMark? Parse(string word)
    {
        var start = word.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (start < 0 || !word.AsSpan(start).StartsWith("<<")) return null;
        var rest = word.AsSpan(start + 2);
        var dropsTabs = rest.StartsWith('-');
        if (dropsTabs) rest = rest[1..];
        var name = rest.TrimStart(" \t\n\f\r").ToString();
        if (name.Length == 0 || name.Contains('<', StringComparison.Ordinal)) return null;

        // Quotes that one reading has and the other has not were quotes, not characters of the name.
        if (Lexer(name, ExpansionOptions.None).Expand().Words is not [var plain]) return null;
        if (Lexer(name, ExpansionOptions.KeepQuotes).Expand().Words is not [var quoted]) return null;
        return new HereDocumentMark(plain, Quotes(plain) == Quotes(quoted), dropsTabs);
    }

    /// <summary>Reads a word; null when it announces none, or one whose name cannot be read.</summary>
    public static HereDocumentMark? TryParse(string word)
    {
        try
        {
            return Parse(word);
        }
        catch (StrakeException)
        {
            // An open quote: a source with a strange name, which its expansion will refuse.
            return null;
        }
    }

    /// <summary>Reads the document's lines, up to the one that is its name.</summary>
    /// <returns>Null when the file ends before.</returns>
    public HereDocument? Read(LineReader lines)
    {
        var content = new StringBuilder();
        while (lines.Raw() is { } line)
        {
            var candidate = line.AsSpan().TrimEnd("\r\n");
            if (DropsTabs) candidate = candidate.TrimStart('\t');
            if (candidate.SequenceEqual(Name)) return new HereDocument { Name = Name, Content = content.ToString(), Expands = Expands, DropsTabs = DropsTabs };
            content.Append(line);
        }

        return null;
    }

    // Twice the length: an escape that is kept within quotes is written twice, so that a second reading finds it.
    static WordLexer Lexer(string text, ExpansionOptions options) =>
        new(text, ParserDirectives.DefaultEscape, _ => null, options | ExpansionOptions.KeepUnset, (2 * text.Length) + 2) { LosesWords = true };

    static int Quotes(string text) => text.AsSpan().Count('\'') + text.AsSpan().Count('"');
}
