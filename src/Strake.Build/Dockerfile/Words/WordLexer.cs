using System.Globalization;
using System.Text;

namespace Strake.Build;

/// <summary>One walk over one word. See <see cref="WordExpander"/> for the rules.</summary>
/// <remarks>
/// A step returns null when it has failed; <see cref="fault"/> then says why. What follows a failure can change the message
/// (a brace that is missing at the end is what users are told, whatever else is missing within), which exceptions would make dear.
/// </remarks>
sealed partial class WordLexer(string source, char escape, Func<string, string?> variables, ExpansionOptions options, int mostChars)
{
    const int End = -1;
    const string TakesTooLong = "the expression takes too long";

    readonly WordSplitter splitter = new();
    readonly List<string> used = [];
    readonly List<string> missing = [];
    readonly HashSet<string> seen = new(StringComparer.Ordinal);
    bool keepsEscapes = options.HasFlag(ExpansionOptions.KeepEscapes);
    int at;
    int depth;
    long steps;
    string? fault;

    /// <summary>
    /// Whether what a word has before an expression with a modifier is lost to <see cref="Expansion.Words"/>. So it is where BuildKit looks
    /// for here-documents, and builds live on it: <c>$((1 &lt;&lt; ${n:-2}))</c> announces none.
    /// </summary>
    public bool LosesWords { get; init; }

    string TooLong => string.Create(CultureInfo.InvariantCulture, $"the result is longer than {mostChars} characters");

    bool IsAtEnd => at >= source.Length;

    /// <summary>Expands the whole word.</summary>
    /// <exception cref="StrakeException">Invalid: quotes the word and says what is wrong.</exception>
    public Expansion Expand() => TryExpand()
        ?? throw DockerfileFault.Invalid($"failed to process {GoText.Quote(source.Length <= DockerfileLimits.MessageChars ? source : source[..DockerfileLimits.MessageChars])}: {fault}");

    /// <summary>Expands the whole word; null when it cannot be.</summary>
    public Expansion? TryExpand()
    {
        var text = Until(End, keepsEscapes, splitter);
        return text is null ? null : new Expansion { Text = text, Words = splitter.Finish(), Used = [.. used], Missing = [.. missing] };
    }

    // Expands up to a character, which is taken and not part of the result.
    string? Until(int stop, bool keepingEscapes, WordSplitter? words = null)
    {
        if (++depth > DockerfileLimits.ExpansionDepth) return Fail($"expressions are nested more than {DockerfileLimits.ExpansionDepth} deep");
        var (result, outer) = (new StringBuilder(), keepsEscapes);
        keepsEscapes = keepingEscapes;
        if (words is null && LosesWords) splitter.Forget();
        while (!IsAtEnd)
        {
            var c = source[at];
            if (c == stop)
            {
                at++;
                (depth, keepsEscapes) = (depth - 1, outer);
                return result.ToString();
            }

            var isQuote = c is '\'' or '"' && !options.HasFlag(ExpansionOptions.PlainQuotes);
            if (c is '$' or '<' || isQuote)
            {
                if (Special(c) is not { } text || !Append(result, text)) return null;
                if (c == '$') words?.Add(text);
                else words?.AddQuoted(text);
            }
            else if (c == escape)
            {
                if (!Escaped(result, words)) return null;
            }
            else
            {
                at++;
                if (!Append(result, c)) return null;
                words?.Add(c);
            }
        }

        if (stop != End) return Fail($"unexpected end of statement while looking for matching {(char)stop}");
        (depth, keepsEscapes) = (depth - 1, outer);
        return result.ToString();
    }

    string? Special(char c) => c switch
    {
        '$' => Dollar(),
        '<' => HereDocumentMark(),
        '\'' => SingleQuoted(),
        _ => DoubleQuoted(),
    };

    // The escape character goes, what follows it means itself; at the end of the word there is nothing to follow.
    bool Escaped(StringBuilder result, WordSplitter? words)
    {
        at++;
        if (keepsEscapes)
        {
            words?.AddQuoted(escape);
            if (!Append(result, escape)) return false;
        }

        if (IsAtEnd) return true;
        words?.AddQuoted(source[at]);
        return Append(result, source[at++]);
    }

    // "<< NAME" is one word.
    string HereDocumentMark()
    {
        at++;
        if (IsAtEnd || source[at] != '<') return "<";
        var start = at++;
        while (!IsAtEnd && source[at] is ' ' or '\t' or '\r') at++;
        return "<" + source[start..at];
    }

    string? SingleQuoted()
    {
        var start = at;
        var end = source.IndexOf('\'', start + 1);
        if (end < 0)
        {
            at = source.Length;
            return Fail("unexpected end of statement while looking for matching single-quote");
        }

        at = end + 1;
        return options.HasFlag(ExpansionOptions.KeepQuotes) ? source[start..at] : source[(start + 1)..end];
    }

    string? DoubleQuoted()
    {
        var (result, keepsQuotes) = (new StringBuilder(), options.HasFlag(ExpansionOptions.KeepQuotes));
        at++;
        if (keepsQuotes) result.Append('"');
        while (!IsAtEnd)
        {
            var c = source[at];
            switch (c)
            {
                case '"':
                    at++;
                    return keepsQuotes ? result.Append('"').ToString() : result.ToString();
                case '$':
                    if (Dollar() is not { } value || !Append(result, value)) return null;
                    break;
                default:
                    at++;
                    if (c == escape)
                    {
                        if (keepsEscapes) result.Append(c);
                        if (IsAtEnd) continue;

                        // Before other characters it means itself.
                        if (source[at] is '"' or '$' || source[at] == escape) c = source[at++];
                    }

                    if (!Append(result, c)) return null;
                    break;
            }
        }

        return Fail("unexpected end of statement while looking for matching double-quote");
    }

    bool Append(StringBuilder result, char c)
    {
        if (result.Length >= mostChars) return Refuse(TooLong);
        result.Append(c);
        return true;
    }

    bool Append(StringBuilder result, string text)
    {
        steps += text.Length;
        if (result.Length + text.Length > mostChars) return Refuse(TooLong);
        if (steps > DockerfileLimits.ExpansionSteps) return Refuse(TakesTooLong);
        result.Append(text);
        return true;
    }

    string? Fail(string why)
    {
        fault = why;
        return null;
    }

    bool Refuse(string why)
    {
        fault = why;
        return false;
    }
}
