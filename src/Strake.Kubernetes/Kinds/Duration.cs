using System.Globalization;

namespace Strake.Kubernetes.Kinds;

/// <summary>Spans of time as kubectl shows them: the finer part only where it says something.</summary>
/// <remarks>apimachinery <c>pkg/util/duration</c>.</remarks>
static class Duration
{
    /// <summary>The short form: <c>45s</c>, <c>2m30s</c>, <c>3h10m</c>, <c>5d2h</c>, <c>2y40d</c>.</summary>
    public static string Short(TimeSpan span)
    {
        // Clocks of two machines differ by a moment.
        if (span.TotalSeconds is < 0 and > -2) return "0s";
        if (span < TimeSpan.Zero) return "<invalid>";
        long seconds = (long)span.TotalSeconds;
        long minutes = seconds / 60;
        long hours = minutes / 60;
        long days = hours / 24;
        return true switch
        {
            _ when seconds < 120 => Format($"{seconds}s"),
            _ when minutes < 10 => seconds % 60 == 0 ? Format($"{minutes}m") : Format($"{minutes}m{seconds % 60}s"),
            _ when minutes < 180 => Format($"{minutes}m"),
            _ when hours < 8 => minutes % 60 == 0 ? Format($"{hours}h") : Format($"{hours}h{minutes % 60}m"),
            _ when hours < 48 => Format($"{hours}h"),
            _ when hours < 192 => hours % 24 == 0 ? Format($"{days}d") : Format($"{days}d{hours % 24}h"),
            _ when days < 730 => Format($"{days}d"),
            _ when days < 2920 => days % 365 == 0 ? Format($"{days / 365}y") : Format($"{days / 365}y{days % 365}d"),
            _ => Format($"{days / 365}y"),
        };
    }

    static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
