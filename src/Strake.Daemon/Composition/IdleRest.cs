using Microsoft.Extensions.Logging;
using Strake.Linux;

namespace Strake.Daemon.Composition;

/// <summary>
/// Gives memory back when nothing has been asked for a while: the heap of the last load, and the code that a start or a rare request
/// touched once.
/// </summary>
/// <param name="requests">How many requests there have been.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where it is told.</param>
sealed partial class IdleRest(Func<long> requests, TimeProvider time, ILogger log)
{
    /// <summary>How long after its start a daemon that nobody asks anything rests for the first time.</summary>
    static readonly TimeSpan s_afterStart = TimeSpan.FromSeconds(1);

    /// <summary>How long nothing must have been asked later on.</summary>
    static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(10);

    /// <summary>Rests again and again, each time once.</summary>
    /// <param name="stopping">Ends it.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await Task.Delay(s_afterStart, time, stopping);
            CodePages.Release();
            long rested = requests();
            long before = rested;
            using var timer = new PeriodicTimer(s_quiet, time);
            while (await timer.WaitForNextTickAsync(stopping))
            {
                long now = requests();
                if (now == before && now != rested)
                {
                    Rest();
                    rested = now;
                }

                before = now;
            }
        }
        catch (OperationCanceledException)
        {
            // The daemon goes down.
        }
        catch (IOException e)
        {
            LogFailure(e);
        }
    }

    static void Rest()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        CodePages.Release();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Memory is not given back any more while the daemon is idle")]
    partial void LogFailure(Exception exception);
}
