using System.Text;

namespace Strake.Build;

/// <summary>One line of comma-separated fields (RFC 4180), as the options of <c>--mount</c> are written.</summary>
static class CsvFields
{
    /// <summary>The fields.</summary>
    /// <exception cref="StrakeException">Invalid: a quote within a field that does not begin with one, or one that is not closed.</exception>
    public static IReadOnlyList<string> Parse(string line)
    {
        if (line.Length == 0) throw Fault("EOF");
        List<string> fields = [];
        for (var at = 0; ;)
        {
            fields.Add(at < line.Length && line[at] == '"' ? Quoted(line, ref at) : Plain(line, ref at));
            if (at == line.Length) return fields;

            // Past the comma.
            at++;
        }
    }

    static string Plain(string line, ref int at)
    {
        var start = at;
        var end = line.IndexOf(',', start);
        at = end < 0 ? line.Length : end;
        var quote = line.AsSpan(start, at - start).IndexOf('"');
        return quote < 0 ? line[start..at] : throw Fault(line, start + quote, "bare \" in non-quoted-field");
    }

    static string Quoted(string line, ref int at)
    {
        const string Unbalanced = "extraneous or missing \" in quoted-field";
        var field = new StringBuilder();
        for (at++; at < line.Length; at++)
        {
            if (line[at] != '"')
            {
                field.Append(line[at]);
                continue;
            }

            at++;
            if (at == line.Length || line[at] == ',') return field.ToString();
            if (line[at] != '"') throw Fault(line, at - 1, Unbalanced);
            field.Append('"');
        }

        throw Fault(line, line.LastIndexOf('"') + 1, Unbalanced);
    }

    static StrakeException Fault(string line, int index, string why) => Fault($"parse error on line 1, column {Encoding.UTF8.GetByteCount(line.AsSpan(0, index)) + 1}: {why}");

    static StrakeException Fault(string why) => DockerfileFault.Invalid($"failed to parse csv mounts: {why}");
}
