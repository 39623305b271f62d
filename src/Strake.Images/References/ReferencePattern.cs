using System.Diagnostics.CodeAnalysis;

namespace Strake.Images;

/// <summary>
/// A pattern over familiar names, as the filter <c>reference=</c> has it: <c>*</c> and <c>?</c> stop at a slash, <c>[a-z]</c>,
/// <c>[^a-z]</c>, and <c>\</c> before a character that means itself.
/// </summary>
/// <remarks>Go's <c>path.Match</c>.</remarks>
public sealed class ReferencePattern
{
    readonly string _pattern;

    /// <summary>Checks and keeps a pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <exception cref="StrakeException">Invalid: <c>syntax error in pattern</c>.</exception>
    public ReferencePattern(string pattern)
    {
        _pattern = pattern;
        for (var at = 0; at < pattern.Length;)
            at = TryElement(pattern, at, 'x', out _, out var next) ? next : throw StrakeException.Invalid("syntax error in pattern");
    }

    /// <summary>Whether the pattern matches a reference with its tag, or its name alone.</summary>
    /// <param name="reference">The reference.</param>
    public bool Matches(ImageReference reference) => Matches(reference.Familiar) || Matches(reference.FamiliarName);

    /// <summary>Whether the pattern matches the whole of a text.</summary>
    /// <param name="text">The text.</param>
    [SuppressMessage("Maintainability", "CA1508", Justification = "The loop variables change in the loop.")]
    public bool Matches(string text)
    {
        // One star at a time: on a mismatch the last star takes one more character. Linear in memory, quadratic in time at worst.
        var (at, position, star, starPosition) = (0, 0, -1, 0);
        while (position < text.Length || at < _pattern.Length)
        {
            if (at < _pattern.Length && _pattern[at] == '*')
            {
                (star, starPosition) = (at, position);
                at++;
            }
            else if (at < _pattern.Length && position < text.Length
                && TryElement(_pattern, at, text[position], out var matched, out var next) && matched)
            {
                at = next;
                position++;
            }
            else if (star >= 0 && starPosition < text.Length && text[starPosition] != '/')
            {
                position = ++starPosition;
                at = star + 1;
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads one element of a pattern and holds it against one character.</summary>
    /// <returns>False when the pattern is malformed there.</returns>
    static bool TryElement(string pattern, int at, char c, out bool matched, out int next)
    {
        (matched, next) = (false, at + 1);
        switch (pattern[at])
        {
            case '*':
                return true;
            case '?':
                matched = c != '/';
                return true;
            case '\\':
                next = at + 2;
                matched = next <= pattern.Length && pattern[at + 1] == c;
                return next <= pattern.Length;
            case '[':
                return TrySet(pattern, at + 1, c, out matched, out next);
            default:
                matched = pattern[at] == c;
                return true;
        }
    }

    // [ "^" ] ( character | character "-" character )+ "]"
    static bool TrySet(string pattern, int at, char c, out bool matched, out int next)
    {
        (matched, next) = (false, at);
        var negated = at < pattern.Length && pattern[at] == '^';
        if (negated) at++;
        for (var count = 0; at < pattern.Length; count++)
        {
            if (pattern[at] == ']' && count > 0)
            {
                matched = matched != negated && c != '/';
                next = at + 1;
                return true;
            }

            if (!TrySetCharacter(pattern, ref at, out var low)) return false;
            var high = low;
            if (at < pattern.Length && pattern[at] == '-')
            {
                at++;
                if (!TrySetCharacter(pattern, ref at, out high)) return false;
            }

            matched |= low <= c && c <= high;
        }

        return false;
    }

    static bool TrySetCharacter(string pattern, ref int at, out char c)
    {
        c = default;
        if (at >= pattern.Length || pattern[at] is '-' or ']') return false;
        if (pattern[at] == '\\') at++;
        if (at >= pattern.Length) return false;
        c = pattern[at++];
        return true;
    }
}
