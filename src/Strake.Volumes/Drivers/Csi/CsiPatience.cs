namespace Strake.Volumes;

/// <summary>How long a call to a driver may take, and for how long it is repeated where it gave no answer that is final.</summary>
/// <param name="Attempt">One call.</param>
/// <param name="Total">All of them; zero: it is not repeated.</param>
sealed record CsiPatience(TimeSpan Attempt, TimeSpan Total)
{
    // A driver that cannot be reached at all is not on its way up for minutes.
    static readonly TimeSpan s_unreachable = TimeSpan.FromSeconds(10);

    static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    /// <summary>Work that somebody waits for: making, mounting, removing.</summary>
    public static CsiPatience Work { get; } = new(TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(2));

    /// <summary>A question that others wait behind.</summary>
    public static CsiPatience Question { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.Zero);

    /// <summary>The pause before the next attempt: 0.1, 0.2, 0.4, … up to 5 seconds; null when there is to be none. Pure.</summary>
    /// <param name="attempt">How many have failed before this one, from 0.</param>
    /// <param name="passed">Since the first.</param>
    /// <param name="isReached">Whether the driver was there to be asked.</param>
    public TimeSpan? Next(int attempt, TimeSpan passed, bool isReached)
    {
        var pause = TimeSpan.FromTicks(Math.Min(s_first.Ticks << Math.Min(attempt, 10), s_longest.Ticks));
        TimeSpan limit = isReached || Total < s_unreachable ? Total : s_unreachable;
        return passed + pause < limit ? pause : null;
    }
}
