using System.Globalization;
using System.Runtime.InteropServices;

namespace Strake.Images.Tar;

/// <summary>A point in time as pax keeps it: no range of years, nanoseconds, before 1970 too.</summary>
/// <param name="Seconds">Whole seconds since 1970-01-01T00:00:00Z, rounded down.</param>
/// <param name="Nanoseconds">What is added to them, 0 to 999,999,999.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TarTime(long Seconds, int Nanoseconds = 0)
{
    /// <summary>The time, or an earlier one where it may not be later.</summary>
    /// <param name="latest">The latest; null: any.</param>
    public TarTime AtMost(TarTime? latest) =>
        latest is { } most && (Seconds, Nanoseconds).CompareTo((most.Seconds, most.Nanoseconds)) > 0 ? most : this;

    /// <summary>The time as a pax record has it: <c>1700000000.25</c>, no more digits than needed.</summary>
    public override string ToString()
    {
        if (Nanoseconds == 0) return Seconds.ToString(CultureInfo.InvariantCulture);
        // Before 1970 the fraction counts away from zero: -1.25 is Seconds -2 and Nanoseconds 750,000,000.
        var negative = Seconds < 0;
        var whole = negative ? Seconds + 1 : Seconds;
        var fraction = negative ? 1_000_000_000 - Nanoseconds : Nanoseconds;
        var sign = negative && whole == 0 ? "-" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{whole}.{fraction:D9}").TrimEnd('0');
    }
}
