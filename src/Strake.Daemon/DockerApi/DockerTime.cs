using System.Globalization;

namespace Strake.Daemon.DockerApi;

/// <summary>Times as the Docker API writes and reads them.</summary>
static class DockerTime
{
    /// <summary>What Go writes for a time that never was.</summary>
    public const string Never = "0001-01-01T00:00:00Z";

    /// <summary>RFC 3339 with as many digits of a second as there are.</summary>
    public static string Format(DateTimeOffset? time) =>
        time is { } given ? given.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture) : Never;

    /// <summary>Seconds since 1970 as whole nanoseconds.</summary>
    public static long Nanoseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>Reads a point in time as clients write it.</summary>
    /// <param name="text">Seconds since 1970 with an optional fraction, RFC 3339 with or without zone, or Go's duration back from now.</param>
    /// <param name="now">What a duration counts from.</param>
    /// <param name="time">The time; unusable when the text is none.</param>
    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset time)
    {
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal seconds))
            return TrySince1970(seconds, out time);
        if (TryDuration(text, out TimeSpan ago))
        {
            time = now - ago;
            return true;
        }

        return DateTimeOffset.TryParseExact(CutFraction(text), s_forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    // Go writes nanoseconds; a tick is a hundred of them.
    static string CutFraction(string text)
    {
        int point = text.IndexOf('.', StringComparison.Ordinal);
        if (point < 0) return text;
        int end = point + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end - point <= TickDigits + 1 ? text : text[..(point + 1 + TickDigits)] + text[end..];
    }

    const int TickDigits = 7;

    static readonly string[] s_forms =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-ddK", "yyyy-MM-dd",
    ];

    static bool TrySince1970(decimal seconds, out DateTimeOffset time)
    {
        time = default;
        if (Math.Abs(seconds) > 200_000_000_000m) return false;
        time = DateTimeOffset.UnixEpoch + TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return true;
    }

    // "1h30m", "10s", "1.5h": pairs of a number and a unit (Go, time.ParseDuration).
    static bool TryDuration(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text.IsEmpty) return false;
        while (!text.IsEmpty)
        {
            int digits = text.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)) return false;
            text = text[digits..];
            int letters = text.IndexOfAny("0123456789.");
            if (letters < 0) letters = text.Length;
            double seconds = number * UnitSeconds(text[..letters]);
            if (double.IsNaN(seconds) || seconds > TimeSpan.MaxValue.TotalSeconds / 4) return false;
            duration += TimeSpan.FromSeconds(seconds);
            text = text[letters..];
        }

        return true;
    }

    static double UnitSeconds(ReadOnlySpan<char> unit) => unit switch
    {
        "h" => 3600,
        "m" => 60,
        "s" => 1,
        "ms" => 1e-3,
        "us" or "µs" or "μs" => 1e-6,
        "ns" => 1e-9,
        _ => double.NaN,
    };

    /// <summary>A duration in words, as <c>docker ps</c> shows it: <c>About a minute</c>, <c>3 hours</c>.</summary>
    /// <remarks>docker/go-units, <c>HumanDuration</c>.</remarks>
    public static string InWords(TimeSpan duration)
    {
        long seconds = (long)duration.TotalSeconds;
        long minutes = seconds / 60;
        // Go's units rounds hours to the nearest.
        long hours = (long)(duration.TotalHours + 0.5);
        return (seconds, minutes, hours) switch
        {
            ( < 1, _, _) => "Less than a second",
            (1, _, _) => "1 second",
            ( < 60, _, _) => Of(seconds, "seconds"),
            (_, 1, _) => "About a minute",
            (_, < 60, _) => Of(minutes, "minutes"),
            (_, _, 1) => "About an hour",
            (_, _, < 48) => Of(hours, "hours"),
            (_, _, < 24 * 7 * 2) => Of(hours / 24, "days"),
            (_, _, < 24 * 30 * 2) => Of(hours / 24 / 7, "weeks"),
            (_, _, < 24 * 365 * 2) => Of(hours / 24 / 30, "months"),
            _ => Of((long)duration.TotalHours / 24 / 365, "years"),
        };
    }

    static string Of(long number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number} {unit}");
}
