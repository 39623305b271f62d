using Strake.Linux;

namespace Strake.Build;

/// <summary>Ends work that fills a folder beyond a bound: what programs of others write there, we can only look at.</summary>
static class FolderBound
{
    static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>Does work, and looks at the folder while it goes on.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="most">The most bytes that its files may have.</param>
    /// <param name="subject">What is in it, for the message.</param>
    /// <param name="time">The clock.</param>
    /// <param name="work">The work; ended by its token.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StrakeException">TooLarge: the folder was filled beyond the bound. What <paramref name="work"/> throws.</exception>
    public static async Task RunAsync(string folder, long most, string subject, TimeProvider time, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var full = new CancellationTokenSource();
        using var over = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, full.Token);
        var watching = WatchAsync(folder, most, full, time, over.Token);
        try
        {
            await work(stop.Token);
        }
        catch (OperationCanceledException) when (full.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw FetchLimit.Exceeded(subject, most);
        }
        finally
        {
            await over.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // What came between two looks counts as well.
        if (Measure(folder, cancellationToken) > most) throw FetchLimit.Exceeded(subject, most);
    }

    static async Task WatchAsync(string folder, long most, CancellationTokenSource full, TimeProvider time, CancellationToken over)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        while (await timer.WaitForNextTickAsync(over))
        {
            if (Measure(folder, over) > most) await full.CancelAsync();
        }
    }

    static long Measure(string folder, CancellationToken over)
    {
        try
        {
            return TreeUsage.Measure(folder, over).ContentBytes;
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            // Something was removed meanwhile; the next look counts.
            return 0;
        }
    }
}
