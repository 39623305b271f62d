using System.Globalization;

namespace Strake.Build;

/// <summary>Sizes as Docker's options have them: <c>64m</c>, <c>1.5GiB</c>, <c>1024</c>; units are powers of 1024 in any case.</summary>
static class MountSize
{
    const string Units = "kmgtp";

    /// <summary>Bytes; null when the text is no size.</summary>
    public static long? TryParse(string text)
    {
        var end = text.AsSpan().LastIndexOfAny("0123456789. ");
        if (end < 0) return null;
        var number = text.AsSpan(0, text[end] == ' ' ? end : end + 1);
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var size)) return null;
        var unit = text[(end + 1)..].ToLowerInvariant();
        var power = unit.Length == 0 || unit == "b" ? 0 : Units.IndexOf(unit[0], StringComparison.Ordinal) + 1;
        if (power == 0 && unit is not ("" or "b")) return null;
        if (unit.Length > 1 && unit[1..] is not ("b" or "ib")) return null;
        size *= Math.Pow(1024, power);
        return size is >= 0 and < long.MaxValue ? (long)size : null;
    }
}
