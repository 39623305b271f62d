using System.Globalization;
using System.Text;

namespace Strake.Build;

/// <summary>How Go writes strings and tells characters apart. Docker's messages and rules are made of it.</summary>
static class GoText
{
    /// <summary>A string between double quotes, as <c>%q</c> writes it.</summary>
    public static string Quote(string text)
    {
        var result = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes()) result.Append(Escape(rune, '"'));
        return result.Append('"').ToString();
    }

    /// <summary>A number as the character that it stands for, as <c>%q</c> writes it.</summary>
    public static string QuoteRune(int value) => $"'{Escape(Rune.IsValid(value) ? new Rune(value) : Rune.ReplacementChar, '\'')}'";

    /// <summary>A duration, as <c>%s</c> writes it: <c>1h0m5s</c>, <c>1.5s</c>, <c>20ms</c>.</summary>
    /// <param name="duration">Not negative.</param>
    public static string Duration(TimeSpan duration)
    {
        if (duration.Ticks is 0) return "0s";
        if (duration.Ticks < TimeSpan.TicksPerMicrosecond) return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks * 100}ns");
        if (duration.Ticks < TimeSpan.TicksPerMillisecond) return Number(duration.Ticks, TimeSpan.TicksPerMicrosecond) + "µs";
        if (duration.Ticks < TimeSpan.TicksPerSecond) return Number(duration.Ticks, TimeSpan.TicksPerMillisecond) + "ms";
        var seconds = Number(duration.Ticks % TimeSpan.TicksPerMinute, TimeSpan.TicksPerSecond) + "s";
        var (hours, minutes) = ((long)duration.TotalHours, duration.Minutes);
        return hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{hours}h{minutes}m{seconds}")
            : minutes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{minutes}m{seconds}")
            : seconds;

        static string Number(long ticks, long unit) => ((decimal)ticks / unit).ToString("0.#######", CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a character is a blank in a Dockerfile's line: those that separate arguments.</summary>
    public static bool IsBlank(char c) => c is ' ' or '\t' or '\v' or '\f' or '\r';

    static string Escape(Rune rune, char quote) => rune.Value switch
    {
        '\\' => @"\\",
        '\a' => @"\a",
        '\b' => @"\b",
        '\f' => @"\f",
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        '\v' => @"\v",
        var value when value == quote => $"\\{quote}",
        < ' ' or 0x7f => string.Create(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
        _ when IsPrintable(rune) => rune.ToString(),
        <= 0xffff => string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
    };

    // Letters, marks, numbers, punctuation, symbols, and of the spaces only the ASCII one.
    static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator);
}
