namespace Strake.EndToEnd.Tests.Harness;

/// <summary>Waits for what another process will bring about, where nothing signals it.</summary>
public static class Until
{
    /// <summary>Returns once <paramref name="holds"/> does, asking every 20 ms.</summary>
    /// <param name="holds">The condition.</param>
    /// <param name="what">The condition in words, for the message.</param>
    /// <param name="timeout">null: one minute.</param>
    /// <exception cref="TimeoutException">It did not come to hold in time.</exception>
    public static async Task TrueAsync(Func<Task<bool>> holds, string what, TimeSpan? timeout = null)
    {
        var limit = (timeout ?? TimeSpan.FromMinutes(1)) * TestSetting.Patience;
        var started = TimeProvider.System.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(started) > limit) throw new TimeoutException($"not in {limit.TotalSeconds} s: {what}");
            await tick.WaitForNextTickAsync();
        }
    }

    /// <inheritdoc cref="TrueAsync(Func{Task{bool}}, string, TimeSpan?)"/>
    public static Task TrueAsync(Func<bool> holds, string what, TimeSpan? timeout = null) => TrueAsync(() => Task.FromResult(holds()), what, timeout);
}
