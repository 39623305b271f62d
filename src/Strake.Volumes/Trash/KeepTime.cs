using System.Globalization;

namespace Strake.Volumes;

/// <summary>How long something is kept, as users write it: <c>30m</c>, <c>12h</c>, <c>7d</c>.</summary>
public static class KeepTime
{
    /// <summary>Reads it. Pure.</summary>
    /// <param name="text">What a user wrote.</param>
    /// <exception cref="StrakeException">Invalid: no number with such a unit, or nothing.</exception>
    public static TimeSpan Parse(string text)
    {
        const int MostDays = 36500;
        TimeSpan unit = text.Length == 0 ? TimeSpan.Zero : text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => TimeSpan.Zero,
        };
        return unit > TimeSpan.Zero
            && int.TryParse(text.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number > 0 && number <= TimeSpan.FromDays(MostDays) / unit
                ? number * unit
                : throw StrakeException.Invalid($"invalid time: '{text}'; write a number with s, m, h or d, such as 7d");
    }
}
