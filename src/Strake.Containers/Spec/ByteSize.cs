using System.Globalization;

namespace Strake.Containers.Spec;

/// <summary>Reads sizes as users write them: <c>10m</c>, <c>1.5GB</c>, <c>512</c>; units are powers of 1024.</summary>
public static class ByteSize
{
    const string Units = "kmgtp";

    /// <summary>Parses a size; null when it is none.</summary>
    public static long? TryParse(string text)
    {
        string lower = text.Trim().ToLowerInvariant();
        lower = lower.EndsWith("ib", StringComparison.Ordinal) ? lower[..^2] : lower.EndsWith('b') ? lower[..^1] : lower;
        int power = lower.Length > 0 ? Units.IndexOf(lower[^1], StringComparison.Ordinal) + 1 : 0;
        string number = power > 0 ? lower[..^1] : lower;
        return decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value) && value < 1_000_000_000_000
            && value * (decimal)Math.Pow(1024, power) is <= long.MaxValue and var bytes
            ? (long)bytes
            : null;
    }
}
