namespace Strake.Layers;

/// <summary>
/// Waits for what the kernel does in its own time and tells nobody of: a device that is removed when it is unused goes some milliseconds after its name,
/// and only then its pool, or its number in the pool, is free. A file system that was unmounted is let go of when a process that was being started
/// just then has closed its copies of our files.
/// </summary>
static class Patience
{
    const int MostTries = 200;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Tries until it is so, for two seconds and more.</summary>
    /// <param name="isSo">Tries it.</param>
    /// <param name="what">What is waited for, for a message.</param>
    /// <exception cref="StrakeException">InUse: it did not come to be.</exception>
    public static void Until(Func<bool> isSo, string what)
    {
        if (!TryUntil(isSo)) throw StrakeException.InUse($"waited in vain that {what}");
    }

    /// <summary>As the other; false when it did not come to be.</summary>
    /// <param name="isSo">Tries it.</param>
    /// <param name="most">How often; ten milliseconds lie between two tries.</param>
    public static bool TryUntil(Func<bool> isSo, int most = MostTries)
    {
        for (var tries = 0; tries < most; tries++)
        {
            if (isSo()) return true;
            Task.Delay(Pause, TimeProvider.System).GetAwaiter().GetResult();
        }

        return false;
    }
}
