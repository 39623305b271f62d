using Strake.Volumes;

namespace Strake.Daemon.Composition;

/// <summary>Empties the trash of volumes for as long as a process serves them: each goes when its time is over, or soon after.</summary>
static class TrashRounds
{
    static readonly TimeSpan s_round = TimeSpan.FromMinutes(10);

    /// <summary>Goes on until it is stopped; the next run goes on where this one was.</summary>
    /// <param name="volumes">The volumes.</param>
    /// <param name="tell">Told of each volume that could not be removed; a sentence.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">Ends it.</param>
    public static async Task RunAsync(VolumeStore volumes, Action<string> tell, TimeProvider time, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(s_round, time);
        try
        {
            do
            {
                foreach (string failure in (await volumes.Trash.EmptyAsync(all: false, stopping)).Failures) tell(failure);
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next run goes on.
        }
    }
}
