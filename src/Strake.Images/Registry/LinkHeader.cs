namespace Strake.Images;

/// <summary>Reads the header <c>Link</c> (RFC 8288, 3), in which a registry says where a list goes on. Pure.</summary>
static class LinkHeader
{
    /// <summary>The address of the next page: <c>&lt;/v2/a/tags/list?last=x&amp;n=50&gt;; rel="next"</c>.</summary>
    /// <param name="header">One header; may have several links.</param>
    /// <returns>Null when there is none, or the header does not have the form.</returns>
    public static string? Next(ReadOnlySpan<char> header)
    {
        var rest = header;
        while (true)
        {
            rest = rest.TrimStart(" \t,");
            if (rest is not ['<', ..] || rest.IndexOf('>') is var end && end < 0) return null;
            var target = rest[1..end].Trim();
            rest = rest[(end + 1)..];
            if (IsNext(ref rest) && !target.IsEmpty) return target.ToString();
        }
    }

    // ;name=value;name="value" up to the comma that begins the next link.
    static bool IsNext(ref ReadOnlySpan<char> rest)
    {
        var isNext = false;
        while ((rest = rest.TrimStart(" \t")) is [';', ..])
        {
            rest = rest[1..].TrimStart(" \t");
            var length = rest.IndexOfAny("=;,");
            var name = rest[..(length < 0 ? rest.Length : length)].TrimEnd(" \t");
            rest = rest[(length < 0 ? rest.Length : length)..];
            if (rest is not ['=', ..]) continue;
            rest = rest[1..].TrimStart(" \t");
            var value = Value(ref rest);
            if (!name.Equals("rel", StringComparison.OrdinalIgnoreCase)) continue;
            foreach (var range in value.Split(' ')) isNext |= value[range].Equals("next", StringComparison.OrdinalIgnoreCase);
        }

        return isNext;
    }

    static ReadOnlySpan<char> Value(ref ReadOnlySpan<char> rest)
    {
        var isQuoted = rest is ['"', ..];
        if (isQuoted) rest = rest[1..];
        var end = isQuoted ? rest.IndexOf('"') : rest.IndexOfAny(";,");
        var value = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(isQuoted ? end + 1 : end)..];
        return value.Trim(" \t");
    }
}
