using System.Text;

namespace Strake.Build;

/// <summary>How the text after an instruction's name is split.</summary>
static class ArgumentWords
{
    /// <summary>Words between blanks; quotes mean nothing. FROM, EXPOSE, and COPY, ADD and VOLUME when they are no JSON.</summary>
    public static ValueList<string> Plain(string text)
    {
        List<string> words = [];
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            while (i < text.Length && !GoText.IsBlank(text[i])) i++;
            if (i > start) words.Add(text[start..i]);
            while (i < text.Length && GoText.IsBlank(text[i])) i++;
        }

        return [.. words];
    }

    /// <summary>Words between blanks that are neither quoted nor escaped; quotes and escapes stay. ARG, ENV and LABEL.</summary>
    public static ValueList<string> Quoted(string text, char escape)
    {
        List<string> words = [];
        var word = new StringBuilder();
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (word.Length > 0) words.Add(word.ToString());
                word.Clear();
                continue;
            }

            if (c == quote) quote = '\0';
            else if (quote == '\0' && c is '"' or '\'') quote = c;
            else if (c == escape && quote != '\'')
            {
                // With nothing to follow it is dropped.
                if (++i == text.Length) break;
                word.Append(c);
                c = text[i];
            }

            word.Append(c);
        }

        if (word.Length > 0) words.Add(word.ToString());
        return [.. words];
    }

    /// <summary>A word and the others, without the blanks between them; no others when there is but one word.</summary>
    public static (string First, string Others) Cut(string text)
    {
        var end = 0;
        while (end < text.Length && !GoText.IsBlank(text[end])) end++;
        var start = end;
        while (start < text.Length && GoText.IsBlank(text[start])) start++;
        return (text[..end], text[start..]);
    }
}
