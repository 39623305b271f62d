using System.Text;

namespace Strake.Images;

/// <summary>
/// Reads the part of TOML (toml.io, 1.0) that <c>hosts.toml</c> is written in: tables, and keys with strings, booleans and lists of them.
/// Numbers, dates, inline tables, lists of tables and strings of several lines are refused. Pure.
/// </summary>
/// <remarks>A library would be ten times the size of this; those that exist build objects by reflection, which a trimmed program does not have.</remarks>
sealed class TomlReader
{
    const int MostDepth = 8;

    readonly string text;
    int at;
    int line = 1;

    TomlReader(string text) => this.text = text;

    /// <summary>The entries, in their order; a table's header is one with an empty key.</summary>
    /// <exception cref="FormatException">Says what and in which line.</exception>
    public static IReadOnlyList<TomlEntry> Read(string text) => new TomlReader(text).All();

    List<TomlEntry> All()
    {
        List<TomlEntry> entries = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        IReadOnlyList<string> table = [];
        while (SkipBlank(lines: true))
        {
            var isTable = text[at] == '[';
            var entry = isTable ? new TomlEntry(Header(), "", null, line) : Pair(table);
            if (isTable) table = entry.Table;
            if (!seen.Add(string.Join('\n', [.. entry.Table, "=", entry.Key]))) throw entry.Fault("it stands there twice");
            entries.Add(entry);
            if (SkipBlank(lines: false) && text[at] != '\n') throw Fault("something follows where the line should end");
        }

        return entries;
    }

    List<string> Header()
    {
        at++;
        if (at < text.Length && text[at] == '[') throw Fault("lists of tables are not known here");
        List<string> names = [];
        do
        {
            SkipBlank(lines: false);
            names.Add(Name());
            SkipBlank(lines: false);
        }
        while (TryTake('.') && names.Count < MostDepth);

        Take(']');
        return names;
    }

    TomlEntry Pair(IReadOnlyList<string> table)
    {
        var (began, key) = (line, Name());
        SkipBlank(lines: false);
        Take('=');
        SkipBlank(lines: false);
        return new TomlEntry(table, key, Value(depth: 0), began);
    }

    object Value(int depth)
    {
        if (depth > MostDepth) throw Fault("lists are nested too deep");
        if (TryTake('[')) return Items(depth);
        if (at < text.Length && text[at] is '"' or '\'') return Quoted();
        var word = Bare();
        return word switch
        {
            "true" => true,
            "false" => false,
            _ => throw Fault($"\"{word}\" is neither a string, nor true or false, nor a list"),
        };
    }

    List<object> Items(int depth)
    {
        List<object> items = [];
        while (SkipBlank(lines: true))
        {
            if (TryTake(']')) return items;
            items.Add(Value(depth + 1));
            SkipBlank(lines: true);
            if (TryTake(',')) continue;
            Take(']');
            return items;
        }

        throw Fault("a list does not end");
    }

    string Name() => at < text.Length && text[at] is '"' or '\'' ? Quoted() : Bare();

    string Bare()
    {
        var from = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '-')) at++;
        return at > from ? text[from..at] : throw Fault("a name or a value is missing");
    }

    string Quoted()
    {
        var quote = text[at++];
        var result = new StringBuilder();
        while (at < text.Length && text[at] is not '\n')
        {
            var c = text[at++];
            if (c == quote) return result.ToString();
            result.Append(c == '\\' && quote == '"' ? Escaped() : c.ToString());
        }

        throw Fault("a string does not end in its line");
    }

    string Escaped()
    {
        if (at >= text.Length) throw Fault("a string does not end in its line");
        switch (text[at++])
        {
            case 'n': return "\n";
            case 't': return "\t";
            case 'r': return "\r";
            case '"': return "\"";
            case '\\': return "\\";
            case 'u' when at + 4 <= text.Length && ushort.TryParse(text.AsSpan(at, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var code):
                at += 4;
                return ((char)code).ToString();
            case var other: throw Fault($"\\{other} is not known");
        }
    }

    // Returns whether something follows.
    bool SkipBlank(bool lines)
    {
        while (at < text.Length)
        {
            if (text[at] == '#')
            {
                while (at < text.Length && text[at] != '\n') at++;
            }
            else if (text[at] is ' ' or '\t' or '\r')
            {
                at++;
            }
            else if (text[at] == '\n' && lines)
            {
                at++;
                line++;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    bool TryTake(char expected)
    {
        if (at >= text.Length || text[at] != expected) return false;
        at++;
        return true;
    }

    void Take(char expected)
    {
        if (!TryTake(expected)) throw Fault($"'{expected}' is missing");
    }

    FormatException Fault(string message) => new($"line {line}: {message}");
}
