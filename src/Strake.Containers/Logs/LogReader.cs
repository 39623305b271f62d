using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Containers.Logs;

/// <summary>Sends a log to a client, and goes on while the log grows.</summary>
/// <param name="path">The log; may not exist yet.</param>
/// <param name="options">Which part is wanted.</param>
/// <param name="client">The client.</param>
sealed class LogReader(string path, LogOptions options, IStreamClient client)
{
    const int BlockBytes = 64 * 1024;

    readonly LogWriter writer = new(options, client);
    byte[] buffer = new byte[BlockBytes];
    int filled;

    /// <summary>Sends what is there; when following, what comes until the run has ended.</summary>
    /// <param name="watcher">Tells of changes.</param>
    /// <param name="ended">Completes when nothing more will come.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    public async Task RunAsync(LogWatcher watcher, Task ended, CancellationToken cancellationToken)
    {
        using LogSignal? signal = options.Follow ? watcher.Watch(Path.GetDirectoryName(path)!) : null;
        using var until = UntilTimer(cancellationToken);
        SafeFileHandle? file = Syscall.TryOpen(path, OpenFlags.ReadOnly);
        long offset = file is not null && options.Tail is { } tail ? LogTail.Find(file, tail, cancellationToken) : 0;
        try
        {
            while (true)
            {
                // Asked before the read: what is written up to the end is then read for certain.
                bool isLast = signal is null || ended.IsCompleted;
                file ??= Syscall.TryOpen(path, OpenFlags.ReadOnly);
                (offset, bool goOn) = file is null ? (0, true) : await SendAsync(file, offset, cancellationToken);
                if (file is not null && Syscall.Stat(file, StatFields.LinkCount).LinkCount == 0)
                {
                    // Begun anew under the same name, the old one is read to its end.
                    file.Dispose();
                    file = null;
                    offset = 0;
                    filled = 0;
                    if (Syscall.TryStatAt(Syscall.WorkingDirectory, path, out _))
                        continue;
                }

                if (isLast || !goOn)
                    return;
                await Task.WhenAny(signal!.WaitAsync(until.Token), ended);
                if (until.IsCancellationRequested)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    return;
                }
            }
        }
        finally
        {
            file?.Dispose();
        }
    }

    // A following reader with an end in the future ends there, whether something is written or not.
    CancellationTokenSource UntilTimer(CancellationToken cancellationToken)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (options is { Follow: true, Until: { } end })
        {
            TimeSpan left = end - TimeProvider.System.GetUtcNow();
            source.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        return source;
    }

    async Task<(long Offset, bool GoOn)> SendAsync(SafeFileHandle file, long offset, CancellationToken cancellationToken)
    {
        int length;
        while ((length = RandomAccess.Read(file, buffer.AsSpan(filled), offset)) > 0)
        {
            offset += length;
            filled += length;
            if (!await SendLinesAsync(cancellationToken))
                return (offset, false);
            if (filled == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
        }

        return (offset, true);
    }

    async Task<bool> SendLinesAsync(CancellationToken cancellationToken)
    {
        int start = 0;
        int newline;
        while ((newline = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n')) >= 0)
        {
            if (!await writer.WriteAsync(buffer.AsMemory(start, newline), cancellationToken))
                return false;
            start += newline + 1;
        }

        buffer.AsSpan(start, filled - start).CopyTo(buffer);
        filled -= start;
        return true;
    }
}
