using System.Text;
using System.Text.Json;

namespace Strake.Images;

/// <summary>How a Dockerfile splits words, takes off quotes and puts variables in.</summary>
/// <remarks>
/// Dockerfile reference, "Environment replacement": <c>$name</c>, <c>${name}</c>, <c>${name:-word}</c>, <c>${name:+word}</c>;
/// nothing is replaced between single quotes; a backslash makes the next character mean itself.
/// </remarks>
/// <param name="environment">The variables, <c>NAME=value</c> each.</param>
sealed class DockerfileWords(IReadOnlyList<string> environment)
{
    // ${a:-${b:-…}}: deeper than anyone writes, shallower than the stack.
    const int Depth = 32;

    /// <summary>The strings of a JSON array; null when the text is none.</summary>
    public static IReadOnlyList<string>? JsonList(string text)
    {
        if (!text.StartsWith('[')) return null;
        try
        {
            return JsonSerializer.Deserialize(text, ImageJson.Default.IReadOnlyListString);
        }
        catch (JsonException)
        {
            // As Docker: what is no list of strings is a command line that happens to begin with a bracket.
            return null;
        }
    }

    /// <summary>Words between blanks, expanded.</summary>
    public IReadOnlyList<string> List(string text) => [.. Split(text).Select(Expand)];

    /// <summary>Pairs <c>name=value</c>, expanded; or the old form of one name, a blank and the rest of the line.</summary>
    /// <exception cref="StrakeException">Invalid: a word without an equals sign, or without a name.</exception>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs(string instruction, string text)
    {
        var words = Split(text).ToList();
        if (words.Count > 0 && !words[0].Contains('=', StringComparison.Ordinal))
        {
            if (words.Count == 1) throw StrakeException.Invalid($"{instruction} must have two arguments");
            return [KeyValuePair.Create(Expand(words[0]), Expand(text[words[0].Length..].Trim()))];
        }

        return [.. words.Select(w => Pair(instruction, text, w))];
    }

    /// <summary>Puts variables into a word and takes off its quotes.</summary>
    /// <exception cref="StrakeException">Invalid: a quote or brace that is not closed.</exception>
    public string Expand(string word)
    {
        var at = 0;
        var result = new StringBuilder();
        ExpandUntil(word, ref at, result, stop: '\0', Depth);
        return result.ToString();
    }

    KeyValuePair<string, string> Pair(string instruction, string text, string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
            throw StrakeException.Invalid($"Syntax error - can't find = in \"{word}\". Must be of the form: name=value");
        var name = Expand(word[..equals]);
        return name.Length > 0
            ? KeyValuePair.Create(name, Expand(word[(equals + 1)..]))
            : throw StrakeException.Invalid($"{instruction} names can not be blank: {text}");
    }

    static IEnumerable<string> Split(string text)
    {
        var start = -1;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\0' && c is ' ' or '\t')
            {
                if (start >= 0) yield return text[start..i];
                start = -1;
                continue;
            }

            if (start < 0) start = i;
            if (c == '\\' && quote != '\'') i++;
            else if (quote == '\0' && c is '"' or '\'') quote = c;
            else if (c == quote) quote = '\0';
        }

        if (start >= 0) yield return text[start..];
    }

    void ExpandUntil(string word, ref int at, StringBuilder result, char stop, int depth)
    {
        while (at < word.Length && word[at] != stop)
        {
            var c = word[at++];
            switch (c)
            {
                case '\'' when stop != '"':
                    result.Append(Between(word, ref at, '\''));
                    break;
                case '"' when stop != '"':
                    ExpandUntil(word, ref at, result, '"', depth - 1);
                    Close(word, ref at, '"');
                    break;
                case '\\' when at < word.Length:
                    // Within double quotes only these lose their backslash.
                    if (stop == '"' && word[at] is not ('"' or '$' or '\\')) result.Append('\\');
                    result.Append(word[at++]);
                    break;
                case '$' when at < word.Length:
                    Variable(word, ref at, result, depth - 1);
                    break;
                default:
                    result.Append(c);
                    break;
            }
        }
    }

    void Variable(string word, ref int at, StringBuilder result, int depth)
    {
        if (depth <= 0) throw StrakeException.Invalid($"variables are nested too deeply: {word}");
        var braced = word[at] == '{';
        if (braced) at++;
        var start = at;
        while (at < word.Length && (char.IsAsciiLetterOrDigit(word[at]) || word[at] == '_')) at++;
        var name = word[start..at];
        if (!braced)
        {
            result.Append(name.Length == 0 ? "$" : Value(name));
            return;
        }

        if (name.Length == 0) throw StrakeException.Invalid($"syntax error: bad substitution in {word}");
        var value = Value(name) ?? "";
        if (word.AsSpan(at).StartsWith(":-") || word.AsSpan(at).StartsWith(":+"))
        {
            var isDefault = word[at + 1] == '-';
            at += 2;
            var other = new StringBuilder();
            ExpandUntil(word, ref at, other, '}', depth);
            value = isDefault ? value.Length > 0 ? value : other.ToString() : value.Length > 0 ? other.ToString() : "";
        }

        result.Append(value);
        Close(word, ref at, '}');
    }

    string? Value(string name) =>
        environment.LastOrDefault(e => e.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    static string Between(string word, ref int at, char quote)
    {
        var start = at;
        while (at < word.Length && word[at] != quote) at++;
        var text = word[start..at];
        Close(word, ref at, quote);
        return text;
    }

    static void Close(string word, ref int at, char expected)
    {
        if (at >= word.Length || word[at] != expected)
            throw StrakeException.Invalid($"unexpected end of statement while looking for matching {expected}: {word}");
        at++;
    }
}
