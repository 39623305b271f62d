using System.Globalization;

namespace Strake.Cli;

/// <summary>Numbers of bytes as people read them.</summary>
static class ByteSize
{
    const double Step = 1024;

    static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>Such as <c>1.5 GiB</c>; <c>-</c> for what is not known or not limited.</summary>
    public static string Text(long? bytes)
    {
        if (bytes is not { } amount) return "-";
        double value = amount;
        int unit = 0;
        for (; value >= Step && unit < s_units.Length - 1; unit++) value /= Step;
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {s_units[unit]}");
    }
}
