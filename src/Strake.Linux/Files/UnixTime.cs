using System.Runtime.InteropServices;

namespace Strake.Linux;

/// <summary>A time of a file: <c>struct timespec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct UnixTime
{
    readonly long seconds;
    readonly long nanoseconds;

    /// <summary>Makes a time.</summary>
    /// <param name="seconds">Seconds since 1970-01-01 UTC; negative before.</param>
    /// <param name="nanoseconds">0 to 999,999,999, counted forward even before 1970.</param>
    public UnixTime(long seconds, long nanoseconds = 0)
    {
        this.seconds = seconds;
        this.nanoseconds = nanoseconds;
    }

    /// <summary>UTIME_NOW: for <see cref="Syscall"/>'s UtimensAt, the time at which the call is made.</summary>
    public static UnixTime Now => new(0, 0x3FFFFFFF);

    /// <summary>UTIME_OMIT: for UtimensAt, leave that time as it is.</summary>
    public static UnixTime Omit => new(0, 0x3FFFFFFE);

    /// <summary>Seconds since 1970-01-01 UTC; negative before.</summary>
    public long Seconds => seconds;

    /// <summary>Nanoseconds after <see cref="Seconds"/>.</summary>
    public long Nanoseconds => nanoseconds;

    /// <summary>The time to 100 ns, the precision of .NET.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The year is not within 1 to 9999.</exception>
    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / 100);

    /// <summary>A time of .NET as a file's time.</summary>
    public static UnixTime From(DateTimeOffset time)
    {
        var whole = time.ToUnixTimeSeconds();
        return new(whole, (time - DateTimeOffset.FromUnixTimeSeconds(whole)).Ticks * 100);
    }

    /// <summary><c>seconds.nanoseconds</c>.</summary>
    public override string ToString() => $"{seconds}.{nanoseconds:D9}";
}
