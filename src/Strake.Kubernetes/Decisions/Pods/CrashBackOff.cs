namespace Strake.Kubernetes.Decisions.Pods;

/// <summary>How long a container that ends again and again is held back: as a kubelet does, at once after the first end, then 10 s, doubled up to 5 min.</summary>
static class CrashBackOff
{
    static readonly TimeSpan s_first = TimeSpan.FromSeconds(10);
    static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    // A run that lasted this long was a good one: the delays begin anew.
    static readonly TimeSpan s_goodRun = TimeSpan.FromMinutes(10);

    /// <summary>The wait after the end of a run.</summary>
    /// <param name="crashes">How many runs in a row had ended before it.</param>
    /// <param name="lasted">How long it ran.</param>
    public static TimeSpan After(int crashes, TimeSpan lasted)
    {
        if (crashes == 0 || lasted >= s_goodRun) return TimeSpan.Zero;
        const int MostDoublings = 8;
        TimeSpan delay = s_first * (1 << Math.Min(crashes - 1, MostDoublings));
        return delay < s_longest ? delay : s_longest;
    }

    /// <summary>What the next run counts.</summary>
    /// <param name="crashes">How many runs in a row had ended before the last.</param>
    /// <param name="lasted">How long the last ran.</param>
    public static int Next(int crashes, TimeSpan lasted) => lasted >= s_goodRun ? 1 : crashes + 1;
}
