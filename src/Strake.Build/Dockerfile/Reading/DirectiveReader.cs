namespace Strake.Build;

/// <summary>Reads the parser directives at the top of a Dockerfile: they end with the first line that is none, a blank one or a comment included.</summary>
static class DirectiveReader
{
    /// <summary>Reads them.</summary>
    /// <exception cref="StrakeException">Invalid: a directive stands there twice, or the escape character is another than <c>\</c> and <c>`</c>.</exception>
    public static ParserDirectives Read(SourceText text)
    {
        var found = Read(text, firstLine: 1, isStrict: true);
        var escape = found.GetValueOrDefault("escape") is { } value ? value[0] : ParserDirectives.DefaultEscape;

        // Docker looks for a frontend, and for which checks to make, below a "#!" line too; for the escape character it does not.
        if (text.Count > 0 && text[1].StartsWith("#!")) found = Read(text, firstLine: 2, isStrict: false);
        return new ParserDirectives { Syntax = found.GetValueOrDefault("syntax"), Check = found.GetValueOrDefault("check"), Escape = escape };
    }

    static Dictionary<string, string> Read(SourceText text, int firstLine, bool isStrict)
    {
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        for (var number = firstLine; number <= text.Count && DirectiveLine.Parse(text[number].TrimStart()) is { } line; number++)
        {
            if (!found.TryAdd(line.Name, line.Value))
            {
                if (!isStrict) break;
                throw DockerfileFault.Invalid($"only one {line.Name} parser directive can be used", new SourceLines(number, number));
            }

            if (isStrict && line is { Name: "escape", Value: not ("\\" or "`") })
                throw DockerfileFault.Invalid($@"invalid escape token '{line.Value}' does not match ` or \", new SourceLines(number, number));
        }

        return found;
    }
}
