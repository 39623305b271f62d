namespace Strake.Images;

/// <summary>
/// The productions of Docker's reference grammar, on spans. Each predicate says whether the whole span is one.
/// </summary>
/// <remarks>
/// <code>
/// reference        := name [ ":" tag ] [ "@" digest ]
/// name             := [ domain "/" ] path
/// domain           := host [ ":" digit+ ]
/// host             := label ( "." label )*  |  "[" IPv6 address "]"
/// label            := letter-or-digit [ ( letter-or-digit | "-" )* letter-or-digit ]
/// path             := component ( "/" component )*
/// component        := alphanumeric ( separator alphanumeric )*
/// alphanumeric     := [a-z0-9]+
/// separator        := "." | "_" | "__" | "-"+
/// tag              := [A-Za-z0-9_] [A-Za-z0-9_.-]{0,127}
/// </code>
/// </remarks>
static class ReferenceGrammar
{
    const int TagLength = 128;

    /// <summary>A tag.</summary>
    public static bool IsTag(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= TagLength && text[0] is not ('.' or '-') && !text.ContainsAnyExcept(s_tag);

    /// <summary>A registry's host with an optional port.</summary>
    public static bool IsDomain(ReadOnlySpan<char> text)
    {
        if (text.StartsWith('['))
        {
            var close = text.IndexOf(']');
            return close > 1 && !text[1..close].ContainsAnyExcept(s_ipv6) && IsPortSuffix(text[(close + 1)..]);
        }

        var colon = text.IndexOf(':');
        var host = colon < 0 ? text : text[..colon];
        foreach (var label in host.Split('.'))
        {
            if (!IsLabel(host[label])) return false;
        }

        return colon < 0 || IsPortSuffix(text[colon..]);
    }

    /// <summary>A repository's path.</summary>
    public static bool IsPath(ReadOnlySpan<char> text)
    {
        foreach (var component in text.Split('/'))
        {
            if (!IsComponent(text[component])) return false;
        }

        return true;
    }

    static bool IsPortSuffix(ReadOnlySpan<char> text) =>
        text.IsEmpty || (text[0] == ':' && text.Length > 1 && !text[1..].ContainsAnyExceptInRange('0', '9'));

    static bool IsLabel(ReadOnlySpan<char> text) =>
        !text.IsEmpty && text[0] != '-' && text[^1] != '-' && !text.ContainsAnyExcept(s_label);

    static bool IsComponent(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !IsAlphanumeric(text[0]) || !IsAlphanumeric(text[^1])) return false;
        while (true)
        {
            text = text[Run(text, s_alphanumeric)..];
            if (text.IsEmpty) return true;
            var separator = text[..Run(text, s_separator)];
            if (separator.IsEmpty || !IsSeparator(separator)) return false;
            text = text[separator.Length..];
        }
    }

    static bool IsSeparator(ReadOnlySpan<char> text) => text is "." or "_" or "__" || !text.ContainsAnyExcept('-');

    static bool IsAlphanumeric(char c) => c is (>= 'a' and <= 'z') or (>= '0' and <= '9');

    static int Run(ReadOnlySpan<char> text, System.Buffers.SearchValues<char> of) =>
        text.IndexOfAnyExcept(of) is var end and >= 0 ? end : text.Length;

    static readonly System.Buffers.SearchValues<char> s_tag = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    static readonly System.Buffers.SearchValues<char> s_label = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    static readonly System.Buffers.SearchValues<char> s_ipv6 = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF:");

    static readonly System.Buffers.SearchValues<char> s_alphanumeric = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyz0123456789");

    static readonly System.Buffers.SearchValues<char> s_separator = System.Buffers.SearchValues.Create("._-");
}
