using System.Text;

namespace Strake.Daemon.BuildKit.Solving;

/// <summary>Fields between commas, with quotes around those that have commas: one line of CSV, as buildx writes lists.</summary>
/// <remarks>RFC 4180, 2: a quote within quotes is doubled.</remarks>
static class CommaFields
{
    /// <summary>Reads a line; empty text has no fields.</summary>
    /// <exception cref="FormatException">A quote stands where none can.</exception>
    public static List<string> Read(string text)
    {
        var fields = new List<string>();
        if (text.Length == 0) return fields;
        for (int at = 0; ; at++)
        {
            fields.Add(at < text.Length && text[at] == '"' ? Quoted(text, ref at) : Plain(text, ref at));
            if (at == text.Length) return fields;
            if (text[at] != ',') throw new FormatException($"\"{text}\" has a quote in the middle of a field");
        }
    }

    static string Plain(string text, ref int at)
    {
        int end = text.IndexOf(',', at);
        string field = text[at..(end < 0 ? text.Length : end)];
        at += field.Length;
        return field.Contains('"', StringComparison.Ordinal) ? throw new FormatException($"\"{text}\" has a quote in the middle of a field") : field;
    }

    static string Quoted(string text, ref int at)
    {
        var field = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"')
            {
                field.Append(text[at]);
                continue;
            }

            at++;
            if (at == text.Length || text[at] != '"') return field.ToString();
            field.Append('"');
        }

        throw new FormatException($"\"{text}\" has a quote that does not end");
    }
}
