namespace Strake.Build;

/// <summary>The patterns of one name: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[^a]</c> and <c>\</c>, as Go's <c>filepath.Match</c> has them.</summary>
static class Wildcard
{
    /// <summary>Whether a word has anything that stands for other characters.</summary>
    public static bool IsPattern(string word) => word.AsSpan().ContainsAny('*', '?', '[');

    /// <summary>Whether a name is one that a pattern stands for. Takes time in proportion to the product of their lengths at most.</summary>
    /// <param name="pattern">The pattern, without slashes.</param>
    /// <param name="name">The name, of bytes (<see cref="BytePath"/>).</param>
    /// <exception cref="StrakeException">Invalid: the pattern is none.</exception>
    public static bool Matches(string pattern, string name)
    {
        int p = 0, n = 0, star = -1, from = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, from) = (p++, n);
                continue;
            }

            if (p < pattern.Length && One(pattern, ref p, name, ref n)) continue;
            if (star < 0) return Verify(pattern, p);
            p = star + 1;
            n = ++from;
        }

        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length || Verify(pattern, p);
    }

    // What is not met is still to be a pattern.
    static bool Verify(string pattern, int p)
    {
        var n = 0;
        while (p < pattern.Length)
        {
            if (pattern[p] == '*') p++;
            else One(pattern, ref p, "x", ref n);
            n = 0;
        }

        return false;
    }

    static bool One(string pattern, ref int p, string name, ref int n)
    {
        switch (pattern[p])
        {
            case '?':
                p++;
                n += RuneLength(name, n);
                return true;
            case '[':
                var end = n + RuneLength(name, n);
                if (!InClass(pattern, ref p, name[n..end])) return false;
                n = end;
                return true;
            case '\\':
                if (p + 1 == pattern.Length) throw Malformed(pattern);
                p++;
                break;
        }

        if (pattern[p] != name[n])
        {
            p++;
            return false;
        }

        p++;
        n++;
        return true;
    }

    static bool InClass(string pattern, ref int p, string rune)
    {
        p++;
        var negated = p < pattern.Length && pattern[p] == '^';
        if (negated) p++;
        var found = false;
        for (var first = true; ; first = false)
        {
            if (p >= pattern.Length) throw Malformed(pattern);
            if (pattern[p] == ']' && !first)
            {
                p++;
                return found != negated;
            }

            var low = Rune(pattern, ref p);
            var high = low;
            if (p + 1 < pattern.Length && pattern[p] == '-')
            {
                p++;
                high = Rune(pattern, ref p);
            }

            // UTF-8 sorts as what it encodes.
            if (string.CompareOrdinal(low, rune) <= 0 && string.CompareOrdinal(rune, high) <= 0) found = true;
        }
    }

    static string Rune(string pattern, ref int p)
    {
        if (p < pattern.Length && pattern[p] == '\\') p++;
        if (p >= pattern.Length || pattern[p] is '-' or ']') throw Malformed(pattern);
        var start = p;
        p += RuneLength(pattern, p);
        return pattern[start..p];
    }

    // How many of the bytes belong to one character of UTF-8; a byte that begins none stands for itself.
    static int RuneLength(string bytes, int at)
    {
        var length = bytes[at] switch { >= '\u00F0' and < '\u00F8' => 4, >= '\u00E0' => 3, >= '\u00C2' => 2, _ => 1 };
        if (bytes[at] >= '\u00F8' || at + length > bytes.Length) return 1;
        for (var i = 1; i < length; i++)
        {
            if (bytes[at + i] is < '\u0080' or > '\u00BF') return 1;
        }

        return length;
    }

    static StrakeException Malformed(string pattern) => StrakeException.Invalid($"{BytePath.Show(pattern)}: syntax error in pattern");
}
