using System.Text;

namespace Strake.Build;

/// <summary>A pattern of <c>${v#p}</c> and its like: <c>*</c> is any text, <c>?</c> any character, both within one line.</summary>
/// <remarks>
/// All ends that a match can have are followed at once, so the time is the product of the lengths at worst, and counted:
/// an expression has a number of steps and no more.
/// </remarks>
sealed class ShellPattern
{
    const int AnyText = -1;
    const int AnyCharacter = -2;

    // Code points, or one of the two above.
    readonly int[] items;

    ShellPattern(int[] items) => this.items = items;

    /// <summary>Reads a pattern. A backslash, whatever the file's escape character, makes <c>* ? \ } /</c> mean themselves.</summary>
    public static bool TryParse(string text, out ShellPattern? pattern, out string why)
    {
        (pattern, why) = (null, "");
        var runes = CodePoints(text);
        List<int> read = [];
        for (var i = 0; i < runes.Length; i++)
        {
            var next = i + 1 < runes.Length ? runes[i + 1] : 0xfffd;
            if (runes[i] != '\\')
            {
                read.Add(runes[i] switch { '*' => AnyText, '?' => AnyCharacter, var rune => rune });
            }
            else if (next is '*' or '?' or '\\' or '}' or '/')
            {
                read.Add(next);
                i++;
            }
            else
            {
                why = $"invalid escape '\\{char.ConvertFromUtf32(next)}'";
                return false;
            }
        }

        pattern = new ShellPattern([.. read]);
        return true;
    }

    /// <summary>The value without what matches at its start or end.</summary>
    /// <returns>Null when the steps are used up.</returns>
    public string? Trim(string value, bool atEnd, bool isLongest, ref long steps)
    {
        var text = CodePoints(value);
        if (!atEnd) return Match(items, text, 0, isLongest, ref steps) is { } end ? Text(text.AsSpan(Math.Max(end, 0))) : null;
        Array.Reverse(text);
        if (Match([.. items.Reverse()], text, 0, isLongest, ref steps) is not { } length) return null;
        Array.Reverse(text);
        return Text(text.AsSpan(0, text.Length - Math.Max(length, 0)));
    }

    /// <summary>The value with the first or with each of the longest matches replaced; an empty match right after another is none.</summary>
    /// <returns>Null when the steps are used up; more than <paramref name="mostChars"/> of a result that is longer.</returns>
    public string? Replace(string value, string replacement, bool isAll, int mostChars, ref long steps)
    {
        var text = CodePoints(value);
        var result = new StringBuilder();
        var (last, done) = (-1, false);
        for (var i = 0; i <= text.Length && result.Length <= mostChars;)
        {
            var end = -1;
            if (!done)
            {
                if (Match(items, text, i, isLongest: true, ref steps) is not { } match) return null;
                end = match == i && i == last ? -1 : match;
            }

            if (end >= 0)
            {
                steps += replacement.Length;
                result.Append(replacement);
                (last, done) = (end, !isAll);
            }

            // An empty match, or none: the character stays.
            if (end <= i && i < text.Length) result.Append(char.ConvertFromUtf32(text[i]));
            i = Math.Max(end, i + 1);
        }

        return result.ToString();
    }

    // Where a match that begins at an index ends; -1 when there is none; null when the steps are used up.
    static int? Match(int[] items, int[] text, int start, bool isLongest, ref long steps)
    {
        var (states, next) = (new bool[items.Length + 1], new bool[items.Length + 1]);
        states[0] = true;
        var found = -1;
        for (var i = start; ; i++)
        {
            steps += states.Length;
            if (steps > DockerfileLimits.ExpansionSteps) return null;
            for (var s = 0; s < items.Length; s++) states[s + 1] |= states[s] && items[s] == AnyText;
            if (states[^1]) found = i;
            if (i == text.Length || (found >= 0 && !isLongest)) return found;

            var isAlive = false;
            Array.Clear(next);
            for (var s = 0; s < items.Length; s++)
            {
                if (!states[s]) continue;
                var isLine = text[i] != '\n';
                if (items[s] == AnyText && isLine) isAlive = next[s] = true;
                else if (items[s] == text[i] || (items[s] == AnyCharacter && isLine)) isAlive = next[s + 1] = true;
            }

            if (!isAlive) return found;
            (states, next) = (next, states);
        }
    }

    static int[] CodePoints(string text) => [.. text.EnumerateRunes().Select(rune => rune.Value)];

    static string Text(ReadOnlySpan<int> runes)
    {
        var result = new StringBuilder(runes.Length);
        foreach (var rune in runes) result.Append(char.ConvertFromUtf32(rune));
        return result.ToString();
    }
}
