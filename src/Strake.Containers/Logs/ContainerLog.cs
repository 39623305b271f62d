using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Containers.Logs;

/// <summary>Reads a container's log, and goes on reading while it grows, and when it is begun anew under its name (<c>max-size</c>).</summary>
static class ContainerLog
{
    /// <summary>Copies what a client wants of a log to it.</summary>
    /// <param name="path">The log; one that is not there is empty.</param>
    /// <param name="options">What the client wants.</param>
    /// <param name="client">The client; slow ones hold the copy back and nothing else.</param>
    /// <param name="watcher">Tells of the log's growth.</param>
    /// <param name="ended">Completes when nothing more will be written; what was written until then is still copied.</param>
    /// <param name="cancellationToken">Ends the copy.</param>
    public static async Task CopyAsync(
        string path, LogOptions options, IStreamClient client, LogWatcher watcher, Task ended, CancellationToken cancellationToken)
    {
        bool Wanted(ContainerStream stream) => stream is ContainerStream.Stdout ? options.Stdout : options.Stderr;

        // The order matters: what is written after the watch was set wakes it, what was written before is read here.
        using LogSignal? growth = options.Follow ? watcher.Watch(Path.GetDirectoryName(path)!) : null;
        SafeFileHandle? log = Syscall.TryOpen(path, OpenFlags.ReadOnly);
        LogReader? reader = log is null ? null : new LogReader(log, options, Wanted, client);
        if (log is not null && options.Tail is { } lines)
            reader!.Position = LogTail.OffsetOf(log, RandomAccess.GetLength(log), lines, Wanted);
        try
        {
            while (true)
            {
                bool last = growth is null || ended.IsCompleted;
                if (reader is not null && !await reader.DrainAsync(cancellationToken))
                    return;
                if (await TryReopenAsync())
                    continue;
                if (last)
                    return;
                await GrowthAsync(growth!, ended, cancellationToken);
            }
        }
        finally
        {
            log?.Dispose();
        }

        // A file without a name was replaced by a new one; what was left of it has been read, for conmon writes no more to it.
        async ValueTask<bool> TryReopenAsync()
        {
            if (log is not null && Syscall.Stat(log, StatFields.LinkCount).LinkCount > 0)
                return false;
            if (Syscall.TryOpen(path, OpenFlags.ReadOnly) is not { } next)
                return false;
            if (reader is not null)
                await reader.DrainAsync(cancellationToken);
            log?.Dispose();
            log = next;
            reader = new LogReader(next, options, Wanted, client);
            return true;
        }
    }

    static async Task GrowthAsync(LogSignal growth, Task ended, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task grown = growth.WaitAsync(waiting.Token);
        if (await Task.WhenAny(grown, ended) == ended)
            await waiting.CancelAsync();
        try
        {
            await grown;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The run has ended: whatever it wrote is in the file by now.
        }
    }
}
