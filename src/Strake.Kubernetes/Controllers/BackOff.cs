namespace Strake.Kubernetes.Controllers;

/// <summary>How long what failed waits before it is tried again: twice as long each time, up to a bound.</summary>
/// <param name="First">The wait after the first failure.</param>
/// <param name="Longest">The longest wait.</param>
public sealed record BackOff(TimeSpan First, TimeSpan Longest)
{
    /// <summary>From 5 ms, for what another's write has overtaken, to 5 min, for what is broken.</summary>
    public static BackOff Default { get; } = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromMinutes(5));

    /// <summary>The wait after some failures in a row.</summary>
    /// <param name="failures">How many; 1 or more.</param>
    public TimeSpan After(int failures)
    {
        const int MaxDoublings = 30;
        double ticks = First.Ticks * Math.Pow(2, Math.Min(failures - 1, MaxDoublings));
        return ticks >= Longest.Ticks ? Longest : TimeSpan.FromTicks((long)ticks);
    }
}
