using System.Text;

namespace Strake.Build;

/// <summary>An instruction's line taken apart, before it is known what the parts mean.</summary>
sealed record RawInstruction
{
    /// <summary>The first word, as written.</summary>
    public required string Name { get; init; }

    /// <summary>The words between the name and the arguments that begin with two dashes, without quotes and escapes.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>What follows, without blanks around it.</summary>
    public required string Arguments { get; init; }

    /// <summary>The line without blanks around it.</summary>
    public required string Text { get; init; }

    /// <summary>The arguments, when they are a JSON array of strings and the instruction knows that form.</summary>
    public ValueList<string>? Json { get; init; }

    /// <summary>The here-documents after the line.</summary>
    public ValueList<HereDocument> Documents { get; init; } = [];

    /// <summary>For ONBUILD: the instruction in its arguments; null when there is none.</summary>
    public RawInstruction? Trigger { get; init; }

    /// <summary>Where it stands.</summary>
    public SourceLines Lines { get; init; }

    /// <summary>The name in capitals.</summary>
    public string Keyword => Name.ToUpperInvariant();

    /// <summary>Takes a line apart.</summary>
    /// <exception cref="StrakeException">Invalid: a JSON array of something else than strings. Knows no line.</exception>
    public static RawInstruction Split(string line, char escape)
    {
        var raw = SplitFlags(line, escape);
        return raw.Keyword switch
        {
            "ONBUILD" when raw.Arguments.Length > 0 => raw with { Trigger = WithJson(SplitFlags(raw.Arguments, escape)) },
            _ => WithJson(raw),
        };
    }

    static RawInstruction WithJson(RawInstruction raw) => raw.Keyword switch
    {
        "ADD" or "CMD" or "COPY" or "ENTRYPOINT" or "RUN" or "SHELL" or "VOLUME" => raw with { Json = JsonWords.Parse(raw.Arguments) },
        "HEALTHCHECK" => raw with { Json = JsonWords.Parse(ArgumentWords.Cut(raw.Arguments).Others) },
        _ => raw,
    };

    static RawInstruction SplitFlags(string line, char escape)
    {
        var text = line.Trim();
        var (name, rest) = ArgumentWords.Cut(text);
        List<string> flags = [];
        var arguments = TakeFlags(rest, escape, flags).Trim();
        return new RawInstruction { Name = name, Flags = flags, Arguments = arguments, Text = text };
    }

    // Flags end with the first word that does not begin with two dashes, or after one that is nothing but them.
    static string TakeFlags(string text, char escape, List<string> flags)
    {
        var at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
            if (!text.AsSpan(at).StartsWith("--")) return text[at..];
            var flag = Word(text, escape, ref at);
            if (flag == "--") return text[at..];
            flags.Add(flag);
        }
    }

    // Quotes are taken off, and the escape character makes any character mean itself, also between single quotes.
    static string Word(string text, char escape, ref int at)
    {
        var word = new StringBuilder();
        var quote = '\0';
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (quote == '\0' && char.IsWhiteSpace(c)) break;
            if (quote == '\0' && c is '"' or '\'') quote = c;
            else if (quote != '\0' && c == quote) quote = '\0';
            else if (c != escape) word.Append(c);
            else if (++at < text.Length) word.Append(text[at]);
            else break;
        }

        return word.ToString();
    }
}
