using System.Collections.Concurrent;
using System.Globalization;
using Strake.Linux;

namespace Strake.Containers.Runtime;

/// <summary>
/// Waits for the ends of all containers with one inotify: conmon renames a file with the exit code into the exits folder.
/// A code that arrived while nobody watched is found when its container is watched for.
/// </summary>
sealed class ExitWatcher : IAsyncDisposable
{
    readonly RunFolder folder;
    readonly Inotify inotify = new();
    readonly Task watching;
    readonly CancellationTokenSource stop = new();
    readonly ConcurrentDictionary<string, TaskCompletionSource<int>> waiters = [];

    /// <summary>Begins to watch; the folder exists.</summary>
    public ExitWatcher(RunFolder folder)
    {
        this.folder = folder;
        inotify.Watch(folder.Exits, InotifyEvents.MovedTo | InotifyEvents.CloseWrite);
        watching = Task.Run(WatchAsync);
    }

    /// <summary>The exit code of a container's run.</summary>
    /// <param name="id">The container; watched for once at a time.</param>
    /// <returns>Completes at its end; at once when it has ended already. Never, when nobody writes a code.</returns>
    public Task<int> WaitAsync(string id)
    {
        var waiter = waiters.GetOrAdd(id, static _ => new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously));
        TryComplete(id);
        return waiter.Task;
    }

    /// <summary>Gives a code to whoever waits, in the place of conmon that cannot write it any more.</summary>
    public void Give(string id, int code)
    {
        if (waiters.TryRemove(id, out var waiter))
            waiter.TrySetResult(code);
    }

    /// <summary>The code that was written for a container; null: none.</summary>
    public int? Read(string id)
    {
        try
        {
            return int.TryParse(File.ReadAllText(folder.Exit(id)), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int code) ? code : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Takes a code away, before a new run.</summary>
    public void Forget(string id) => File.Delete(folder.Exit(id));

    /// <summary>Stops watching; waits are never completed then.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        stop.Dispose();
        inotify.Dispose();
    }

    async Task WatchAsync()
    {
        CancellationToken token = stop.Token;
        try
        {
            while (true)
            {
                foreach (InotifyEvent told in await inotify.ReadAsync(token))
                {
                    if (told.Events.HasFlag(InotifyEvents.Overflow))
                        LookAtAll();
                    else
                        TryComplete(told.Name);
                }
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    void LookAtAll()
    {
        foreach (string id in waiters.Keys)
            TryComplete(id);
    }

    void TryComplete(string id)
    {
        if (waiters.ContainsKey(id) && Read(id) is { } code)
            Give(id, code);
    }
}
