using Strake.Linux;

namespace Strake.Containers.Logs;

/// <summary>Tells readers that follow a log that it has grown: one inotify for all, for a user may have few of them.</summary>
sealed class LogWatcher : IAsyncDisposable
{
    readonly Lock gate = new();
    readonly Inotify inotify = new();
    readonly CancellationTokenSource stop = new();
    readonly Dictionary<int, List<LogSignal>> watched = [];
    readonly Task watching;

    /// <summary>Begins to watch; nothing is watched yet.</summary>
    public LogWatcher() => watching = Task.Run(WatchAsync);

    /// <summary>Watches the folder that a log lies in, where it may also be begun anew under its name.</summary>
    /// <param name="folder">The container's folder.</param>
    /// <returns>Set with each change; disposed by the caller.</returns>
    public LogSignal Watch(string folder)
    {
        lock (gate)
        {
            int watch = inotify.Watch(folder, InotifyEvents.Modify | InotifyEvents.MovedTo | InotifyEvents.Create);
            var signal = new LogSignal(this, watch);
            if (!watched.TryGetValue(watch, out List<LogSignal>? signals))
                watched[watch] = signals = [];
            signals.Add(signal);
            return signal;
        }
    }

    /// <summary>Stops watching.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        stop.Dispose();
        inotify.Dispose();
    }

    /// <summary>Ends one reader's watch.</summary>
    internal void Forget(LogSignal signal)
    {
        lock (gate)
        {
            if (!watched.TryGetValue(signal.Watch, out List<LogSignal>? signals) || !signals.Remove(signal) || signals.Count > 0)
                return;
            watched.Remove(signal.Watch);
            if (!stop.IsCancellationRequested)
                inotify.Unwatch(signal.Watch);
        }
    }

    async Task WatchAsync()
    {
        CancellationToken token = stop.Token;
        try
        {
            while (true)
            {
                foreach (InotifyEvent told in await inotify.ReadAsync(token))
                    Tell(told);
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    void Tell(InotifyEvent told)
    {
        lock (gate)
        {
            IEnumerable<LogSignal> signals = told.Events.HasFlag(InotifyEvents.Overflow)
                ? watched.Values.SelectMany(static list => list)
                : watched.GetValueOrDefault(told.Watch) ?? [];
            foreach (LogSignal signal in signals)
                signal.Set();
        }
    }
}
