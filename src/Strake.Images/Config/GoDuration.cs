using System.Globalization;

namespace Strake.Images;

/// <summary>Durations as Go writes them: <c>1h30m</c>, <c>1.5s</c>, <c>200ms</c>.</summary>
public static class GoDuration
{
    // What Go holds in 64 bits of nanoseconds: some 292 years.
    const decimal MostTicks = long.MaxValue / 100;

    /// <summary>Parses a duration, to 100 ns.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration) => TryParse(text, out duration, out _);

    /// <summary>Parses a duration, to 100 ns.</summary>
    /// <param name="text">A sign, and numbers with units.</param>
    /// <param name="duration">The duration; zero when the text is none.</param>
    /// <param name="fault">Why the text is none, in Go's words; empty when it is one.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration, out string fault)
    {
        (duration, fault) = (TimeSpan.Zero, "");
        var rest = text is ['-' or '+', ..] ? text[1..] : text;
        if (rest is "0") return true;
        fault = $"time: invalid duration \"{text}\"";
        if (rest.IsEmpty) return false;

        decimal ticks = 0;
        while (!rest.IsEmpty)
        {
            if (!TryTakeNumber(ref rest, out var number)) return false;
            var end = rest.IndexOfAny("0123456789.");
            var unit = end < 0 ? rest : rest[..end];
            if (Ticks(unit) is not { } size)
            {
                fault = unit.IsEmpty ? $"time: missing unit in duration \"{text}\"" : $"time: unknown unit \"{unit}\" in duration \"{text}\"";
                return false;
            }

            ticks += number * size;
            if (ticks > MostTicks) return false;
            rest = rest[unit.Length..];
        }

        fault = "";
        duration = TimeSpan.FromTicks((long)(text[0] == '-' ? -ticks : ticks));
        return true;
    }

    /// <summary>A duration that parses to itself.</summary>
    public static string Format(TimeSpan duration) => (duration.Ticks % TimeSpan.TicksPerSecond, duration.Ticks % TimeSpan.TicksPerMillisecond) switch
    {
        (0, _) => string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / TimeSpan.TicksPerSecond}s"),
        (_, 0) => string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / TimeSpan.TicksPerMillisecond}ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(decimal)duration.Ticks / TimeSpan.TicksPerMicrosecond}us"),
    };

    // Digits, with a point among or beside them.
    static bool TryTakeNumber(ref ReadOnlySpan<char> rest, out decimal number)
    {
        var whole = Digits(rest);
        var fraction = whole < rest.Length && rest[whole] == '.' ? Digits(rest[(whole + 1)..]) : -1;
        number = 0;
        if (whole + Math.Max(fraction, 0) == 0) return false;
        if (whole > 0 && (!long.TryParse(rest[..whole], NumberStyles.None, CultureInfo.InvariantCulture, out var integer) || (number = integer) < 0)) return false;

        // Digits beyond these are less than a tick of an hour.
        var most = Math.Min(fraction, 15);
        if (most > 0) number += long.Parse(rest.Slice(whole + 1, most), NumberStyles.None, CultureInfo.InvariantCulture) * new decimal(1, 0, 0, false, (byte)most);
        rest = rest[(whole + 1 + fraction)..];
        return true;
    }

    static int Digits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : text.Length;

    static decimal? Ticks(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 0.01m,
        "us" or "µs" or "μs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => null,
    };
}
