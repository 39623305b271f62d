using System.Text;

namespace Strake.Build;

/// <summary>The arguments of COPY, ADD and VOLUME: words, or JSON where words would be read as something else.</summary>
static class PrintedFiles
{
    /// <summary>Writes COPY or ADD.</summary>
    public static string Print(FileInstruction files, ValueList<(string Name, string? Value)> flags, char escape)
    {
        ValueList<HereDocument> documents = [.. files.Sources.OfType<InlineSource>().Select(source => source.Document)];
        ValueList<string> words = [.. files.Sources.Select(Word), files.Destination];

        var arguments = documents.Count > 0 ? WordsWithDocuments(words, documents) : Words(words);
        return PrintedLine.WithDocuments(files.Keyword, flags, arguments, documents, escape);
    }

    /// <summary>Writes words.</summary>
    public static string Words(ValueList<string> words)
    {
        var plain = string.Join(' ', words);
        return IsPlain(plain, words) ? plain : JsonWords.Print(words);
    }

    // There are no here-documents in JSON form: where there are some, words it was. But they are looked for by other rules. A backslash takes
    // the blank after it, so there have to be two; and a name may stand after "<<" and a blank, so between two such words stands a blank of
    // the kind that does not count for that.
    static string WordsWithDocuments(ValueList<string> words, ValueList<HereDocument> documents)
    {
        string[] apart = [.. words.Take(words.Count - 1).Select(word => word.EndsWith('\\') ? word + " " : word), words[^1]];
        var plain = string.Join(' ', apart);
        return PrintedLine.Announces(plain, documents) ? plain : string.Join('\f', apart);
    }

    static bool IsPlain(string text, ValueList<string> words)
    {
        if (text.Contains('\n', StringComparison.Ordinal) || text.Trim() != text || !ArgumentWords.Plain(text).Equals(words)) return false;
        if (words.Any(word => HereDocumentMark.TryParse(word) is not null) || HereDocumentMark.FindIn(text).Count > 0) return false;
        try
        {
            return JsonWords.Parse(text) is null;
        }
        catch (StrakeException)
        {
            // A JSON array of something else than strings.
            return false;
        }
    }

    static string Word(CopySource source) => source switch
    {
        PathSource path => path.Word,
        InlineSource { Document: var document } => Mark(document),
        _ => throw StrakeException.Internal($"no such source: {source.GetType()}"),
    };

    // The first way of writing the name that is read as it is meant.
    static string Mark(HereDocument document)
    {
        var meant = new HereDocumentMark(document.Name, document.Expands, document.DropsTabs);
        var prefix = document.DropsTabs ? "<<-" : "<<";
        string[] names = [document.Name, Escaped(document.Name, "\\\"' \t"), $"\"{Escaped(document.Name, "\\\"$")}\"", $"'{document.Name}'"];
        return names.Select(name => prefix + name).FirstOrDefault(word => meant.Equals(HereDocumentMark.TryParse(word))) ?? prefix + document.Name;
    }

    static string Escaped(string text, string special)
    {
        var result = new StringBuilder();
        foreach (var c in text)
        {
            if (special.Contains(c, StringComparison.Ordinal)) result.Append('\\');
            result.Append(c);
        }

        return result.ToString();
    }
}
