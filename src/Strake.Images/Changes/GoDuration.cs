using System.Globalization;

namespace Strake.Images;

/// <summary>Durations as Go writes them: <c>1h30m</c>, <c>1.5s</c>, <c>200ms</c>.</summary>
static class GoDuration
{
    /// <summary>Parses a duration, to 100 ns.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var isNegative = text.StartsWith('-');
        if (isNegative || text.StartsWith('+')) text = text[1..];
        if (text is "0") return true;
        if (text.IsEmpty) return false;

        decimal ticks = 0;
        while (!text.IsEmpty)
        {
            var number = text.IndexOfAnyExcept("0123456789.") is var end and > 0 ? text[..end] : default;
            if (number.Length is 0 or > 20 || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
                return false;
            text = text[number.Length..];
            var unit = text.IndexOfAny("0123456789.") is var next and >= 0 ? text[..next] : text;
            if (Ticks(unit) is not { } size) return false;
            ticks += value * size;
            if (ticks > TimeSpan.MaxValue.Ticks / 100) return false;
            text = text[unit.Length..];
        }

        duration = TimeSpan.FromTicks((long)(isNegative ? -ticks : ticks));
        return true;
    }

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
