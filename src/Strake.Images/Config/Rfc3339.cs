using System.Globalization;

namespace Strake.Images;

/// <summary>Points in time as image configs write them: RFC 3339 with up to nine digits of fraction.</summary>
public static class Rfc3339
{
    // A tick is 100 ns: Go writes nine digits, and the last two are lost here. Texts are shown as they were written.
    const int TickDigits = 7;

    /// <summary>Parses a point in time, to 100 ns.</summary>
    /// <param name="text">The text; null is none.</param>
    /// <param name="time">The point in time, with its offset.</param>
    /// <returns>Whether <paramref name="text"/> is one.</returns>
    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        time = default;
        if (text is null || text.Length is < 20 or > 40) return false;

        // 2006-01-02T15:04:05[.fraction](Z|+07:00)
        var head = text.AsSpan(0, 19);
        var rest = text.AsSpan(19);
        var fraction = rest.Length > 1 && rest[0] == '.' ? rest[1..] : default;
        var digits = fraction.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? fraction[..end] : fraction;
        if (rest[0] == '.' && digits.IsEmpty) return false;
        var zone = digits.IsEmpty ? rest : rest[(1 + digits.Length)..];
        if (!zone.SequenceEqual("Z") && (zone.Length != 6 || zone[0] is not ('+' or '-') || zone[3] != ':')) return false;

        var kept = digits[..Math.Min(digits.Length, TickDigits)].TrimEnd('0');
        return DateTimeOffset.TryParseExact(
            $"{head}{(kept.IsEmpty ? "" : ".")}{kept}{zone}", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out time);
    }

    /// <summary>Writes a point in time in UTC, without trailing zeros.</summary>
    /// <param name="time">The point in time.</param>
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
