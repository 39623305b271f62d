using System.Globalization;

namespace Strake.Volumes;

/// <summary>Sizes as users write them: <c>100m</c>, <c>1.5GiB</c>, <c>4096</c>; units are powers of 1024.</summary>
static class VolumeSize
{
    const string Units = "kmgtp";

    /// <summary>Parses a size. Pure.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <returns>Bytes, more than 0.</returns>
    /// <exception cref="StrakeException">Invalid: in the words of Docker's own parser (docker/go-units, RAMInBytes).</exception>
    public static long Parse(string text)
    {
        int digits = text.AsSpan().IndexOfAnyExcept("0123456789.");
        string number = digits < 0 ? text : text[..digits];
        string unit = digits < 0 ? "" : text[digits..].Trim();
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value))
            throw StrakeException.Invalid($"invalid size: '{text}'");
        int power = PowerOf(unit) ?? throw StrakeException.Invalid($"invalid suffix: '{unit}'");
        decimal limit = long.MaxValue / (decimal)Math.Pow(1024, power);
        return value is > 0 && value < limit
            ? (long)(value * (decimal)Math.Pow(1024, power))
            : throw StrakeException.Invalid($"invalid size: '{text}'");
    }

    static int? PowerOf(string unit)
    {
        string lower = unit.ToLowerInvariant();
        if (lower is "" or "b")
            return 0;
        int power = Units.IndexOf(lower[0], StringComparison.Ordinal) + 1;
        return power > 0 && lower[1..] is "" or "b" or "ib" ? power : null;
    }
}
