using System.Text;
using System.Text.Json;

namespace Strake.Build;

/// <summary>The JSON form of arguments: an array of strings.</summary>
static class JsonWords
{
    /// <summary>The strings of an array; null when the text is no JSON array, and so is meant for a shell or as words.</summary>
    /// <exception cref="StrakeException">Invalid: an array that holds something else than strings.</exception>
    public static ValueList<string>? Parse(string text)
    {
        var rest = text.AsSpan().TrimStart();
        if (!rest.StartsWith('[')) return null;
        var bytes = new byte[Encoding.UTF8.GetByteCount(rest)];
        Encoding.UTF8.GetBytes(rest, bytes);
        List<string> words = [];
        var isWords = true;
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = DockerfileLimits.JsonDepth });
            reader.Read();

            // The rest has to be read even when a number has come: what is no JSON at all is no error.
            while (reader.Read())
            {
                if (reader.CurrentDepth == 0) continue;
                if (reader.TokenType == JsonTokenType.String) words.Add(Text(reader.ValueSpan));
                else isWords = false;
            }
        }
        catch (JsonException)
        {
            // As Docker: what is no JSON is a command line, or words, that happen to begin with a bracket.
            return null;
        }

        return isWords ? [.. words] : throw DockerfileFault.Invalid("when using JSON array syntax, arrays must be comprised of strings only");
    }

    /// <summary>An array of these strings.</summary>
    public static string Print(ValueList<string> words)
    {
        var result = new StringBuilder("[");
        foreach (var word in words)
        {
            if (result.Length > 1) result.Append(", ");
            result.Append('"').Append(JsonEncodedText.Encode(word, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value).Append('"');
        }

        return result.Append(']').ToString();
    }

    // The reader has checked the escapes. Halves of a surrogate pair that stand alone, which its own GetString refuses, become U+FFFD.
    static string Text(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value);
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            result.Append(text[++i] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)ushort.Parse(text.AsSpan(i + 1, 4), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture),
                var other => other,
            });
            if (text[i] == 'u') i += 4;
        }

        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(result.ToString()));
    }
}
