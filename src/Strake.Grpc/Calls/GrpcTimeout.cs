using System.Globalization;

namespace Strake.Grpc;

/// <summary>The header <c>grpc-timeout</c>: at most eight digits and a unit.</summary>
/// <remarks>gRPC <c>doc/PROTOCOL-HTTP2.md</c>, <c>Timeout</c>.</remarks>
static class GrpcTimeout
{
    /// <summary>The header's name.</summary>
    public const string Header = "grpc-timeout";

    const int MaxDigits = 8;
    const long MaxValue = 99_999_999;

    // Coarser than a call's time ever is, and below what a timer takes.
    static readonly TimeSpan s_longest = TimeSpan.FromDays(24);

    /// <summary>Writes a time in the finest unit in which it has at most eight digits.</summary>
    public static string Format(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero) return "1n";
        (long value, char unit) = timeout.Ticks switch
        {
            <= MaxValue / 100 => (timeout.Ticks * 100, 'n'),
            <= MaxValue * TimeSpan.TicksPerMicrosecond => (timeout.Ticks / TimeSpan.TicksPerMicrosecond, 'u'),
            <= MaxValue * TimeSpan.TicksPerMillisecond => (timeout.Ticks / TimeSpan.TicksPerMillisecond, 'm'),
            _ => (Math.Min(timeout.Ticks / TimeSpan.TicksPerSecond, MaxValue), 'S'),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
    }

    /// <summary>Reads a time; false where it has not that form. What is longer than any call takes is cut to 24 days.</summary>
    public static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1) return false;
        if (!long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long value)) return false;
        long? ticks = text[^1] switch
        {
            'n' => (value + 99) / 100,
            'u' => value * TimeSpan.TicksPerMicrosecond,
            'm' => value * TimeSpan.TicksPerMillisecond,
            'S' => value * TimeSpan.TicksPerSecond,
            'M' => value * TimeSpan.TicksPerMinute,
            'H' => Math.Min(value, 10_000) * TimeSpan.TicksPerHour,
            _ => null,
        };
        if (ticks is null) return false;
        timeout = TimeSpan.FromTicks(Math.Min(ticks.Value, s_longest.Ticks));
        return true;
    }
}
