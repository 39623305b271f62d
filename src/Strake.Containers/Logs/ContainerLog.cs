using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Containers.Logs;

/// <summary>Reads a container's log, and goes on reading while it grows.</summary>
static class ContainerLog
{
    /// <summary>Copies what a client wants of a log to it.</summary>
    /// <param name="path">The log; one that is not there is empty.</param>
    /// <param name="options">What the client wants.</param>
    /// <param name="client">The client; slow ones hold the copy back and nothing else.</param>
    /// <param name="ended">Completes when nothing more will be written; what was written until then is still copied.</param>
    /// <param name="cancellationToken">Ends the copy.</param>
    public static async Task CopyAsync(
        string path, LogOptions options, IStreamClient client, Task ended, CancellationToken cancellationToken)
    {
        using SafeFileHandle? log = Syscall.TryOpen(path, OpenFlags.ReadOnly);
        if (log is null)
            return;

        bool Wanted(ContainerStream stream) => stream is ContainerStream.Stdout ? options.Stdout : options.Stderr;
        var reader = new LogReader(log, options, Wanted, client);
        if (options.Tail is { } lines)
            reader.Position = LogTail.OffsetOf(log, RandomAccess.GetLength(log), lines, Wanted);

        // The order matters: what is written after a watch was set wakes it, what was written before is read here.
        using var growth = new Inotify();
        growth.Watch(path, InotifyEvents.Modify);
        bool more = await reader.DrainAsync(cancellationToken);
        while (more && options.Follow)
        {
            bool last = ended.IsCompleted;
            more = await reader.DrainAsync(cancellationToken) && !last;
            if (more)
                await GrowthAsync(growth, ended, cancellationToken);
        }
    }

    static async Task GrowthAsync(Inotify growth, Task ended, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<IReadOnlyList<InotifyEvent>> grown = growth.ReadAsync(waiting.Token);
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
