using System.Collections.Concurrent;

namespace Strake.Build;

/// <summary>
/// Removes programs that have ended while their build goes on: a step's removal takes a fifth of its time, and the next step needs nothing of it.
/// None outlives the build.
/// </summary>
sealed class EndedProcesses : IAsyncDisposable
{
    // Each keeps its layer until it is gone; a build that is faster than the removals waits for them.
    const int MostAtOnce = 4;

    readonly SemaphoreSlim slots = new(MostAtOnce);
    readonly ConcurrentBag<Task> removals = [];

    /// <summary>Begins to remove a program.</summary>
    /// <param name="process">It has ended; disposed by this.</param>
    /// <returns>Completes when the removal has begun, which it has at once unless too many are under way.</returns>
    public async Task AddAsync(IProcessResult process)
    {
        await slots.WaitAsync();
        removals.Add(Task.Run(() => RemoveAsync(process)));
    }

    /// <summary>Waits for all removals.</summary>
    /// <exception cref="StrakeException">What kept one of them from its end.</exception>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(removals);
        }
        finally
        {
            slots.Dispose();
        }
    }

    async Task RemoveAsync(IProcessResult process)
    {
        try
        {
            await process.DisposeAsync();
        }
        finally
        {
            slots.Release();
        }
    }
}
