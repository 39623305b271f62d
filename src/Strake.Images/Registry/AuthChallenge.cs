namespace Strake.Images;

/// <summary>What a registry wants to see before it answers (RFC 9110, 11.6.1; token authentication of the distribution project).</summary>
/// <param name="Scheme">Such as <c>Bearer</c> or <c>Basic</c>; compared without regard to case.</param>
/// <param name="Parameters">Its parameters, names in lower case.</param>
sealed record AuthChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    // What a header may claim; the longest real ones have five parameters.
    const int MostChallenges = 16;
    const int MostParameters = 32;

    /// <summary>The value of a parameter; null when it is not there.</summary>
    public string? this[string name] => Parameters.GetValueOrDefault(name);

    /// <summary>Whether it is of a scheme.</summary>
    public bool Is(string scheme) => string.Equals(Scheme, scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>The challenges of an answer.</summary>
    public static IReadOnlyList<AuthChallenge> Of(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var headers)
            ? [.. headers.Take(MostChallenges).SelectMany(static h => Parse(h))]
            : [];

    /// <summary>
    /// The challenges of a header <c>WWW-Authenticate</c>. What does not have the form ends the list: a challenge that is not understood is
    /// one that cannot be met. Pure.
    /// </summary>
    /// <remarks>
    /// <code>
    /// challenge  = scheme [ 1*SP ( token68 / #param ) ]
    /// param      = token BWS "=" BWS ( token / quoted-string )
    /// Bearer realm="https://auth.example/token",service="registry",scope="repository:a/b:pull", Basic realm="x"
    /// </code>
    /// </remarks>
    public static IReadOnlyList<AuthChallenge> Parse(ReadOnlySpan<char> header)
    {
        List<AuthChallenge> found = [];
        var rest = header;
        while (found.Count < MostChallenges)
        {
            SkipSeparators(ref rest);
            var scheme = Token(ref rest);
            if (scheme.IsEmpty) break;
            Dictionary<string, string> parameters = new(StringComparer.Ordinal);
            var challenge = new AuthChallenge(scheme.ToString(), parameters);
            while (parameters.Count < MostParameters && TryParameter(ref rest, out var name, out var value)) parameters.TryAdd(name, value);
            found.Add(challenge);
        }

        return found;
    }

    // A token without an equals sign is the next challenge's scheme, and left where it is.
    static bool TryParameter(ref ReadOnlySpan<char> rest, out string name, out string value)
    {
        (name, value) = ("", "");
        var ahead = rest;
        SkipSeparators(ref ahead);
        var token = Token(ref ahead);
        ahead = ahead.TrimStart(" \t");
        if (token.IsEmpty || ahead is not ['=', ..]) return false;
        ahead = ahead[1..].TrimStart(" \t");
        if (!TryValue(ref ahead, out value)) return false;
        name = token.ToString().ToLowerInvariant();
        rest = ahead;
        return true;
    }

    static bool TryValue(ref ReadOnlySpan<char> rest, out string value)
    {
        if (rest is not ['"', ..])
        {
            value = Token(ref rest).ToString();
            return true;
        }

        var text = new System.Text.StringBuilder();
        for (var at = 1; at < rest.Length; at++)
        {
            switch (rest[at])
            {
                case '"':
                    rest = rest[(at + 1)..];
                    value = text.ToString();
                    return true;
                case '\\' when at + 1 < rest.Length:
                    text.Append(rest[++at]);
                    break;
                case var plain:
                    text.Append(plain);
                    break;
            }
        }

        value = "";
        return false;
    }

    static void SkipSeparators(ref ReadOnlySpan<char> rest) => rest = rest.TrimStart(" \t,");

    static ReadOnlySpan<char> Token(ref ReadOnlySpan<char> rest)
    {
        var length = 0;
        while (length < rest.Length && (char.IsAsciiLetterOrDigit(rest[length]) || "!#$%&'*+-.^_`|~/:".Contains(rest[length], StringComparison.Ordinal))) length++;
        var token = rest[..length];
        rest = rest[length..];
        return token;
    }
}
