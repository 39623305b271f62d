namespace Strake.Containers.Logs;

/// <summary>Says that a log has changed since it was last asked. Disposing ends the watch.</summary>
sealed class LogSignal(LogWatcher watcher, int watch) : IDisposable
{
    readonly SemaphoreSlim changed = new(0, 1);

    /// <summary>The watch in inotify.</summary>
    internal int Watch => watch;

    /// <summary>Waits for a change since the last wait.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => changed.WaitAsync(cancellationToken);

    /// <summary>Notes a change.</summary>
    internal void Set()
    {
        // Only LogWatcher's one loop sets it, so the count cannot go over its bound in between.
        if (changed.CurrentCount == 0)
            changed.Release();
    }

    /// <summary>Ends the watch.</summary>
    public void Dispose() => watcher.Forget(this);
}
