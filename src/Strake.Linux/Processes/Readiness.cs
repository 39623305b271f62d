using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>
/// Waits for descriptors without a thread each: one thread and one epoll (<c>epoll(7)</c>) for the process. For what .NET has no asynchronous
/// reads of: pipes, pidfds, eventfds, inotify, timerfds; for sockets too, where only their state is wanted.
/// </summary>
public static class Readiness
{
    static readonly Lazy<SafeFileHandle> Epoll = new(Begin);
    static readonly ConcurrentDictionary<ulong, Waiter> Waiters = new();
    static ulong lastId;

    /// <summary>Waits until a descriptor is ready or has failed.</summary>
    /// <param name="handle">The descriptor; a copy of it is waited for, so that closing it meanwhile does no harm.</param>
    /// <param name="events">What for; failures and hang-ups are told unasked.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What it has become.</returns>
    /// <exception cref="LinuxException">It cannot be waited for: EPERM for a regular file or directory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<PollEvents> WaitAsync(SafeHandle handle, PollEvents events, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // epoll knows a registration by descriptor: with a copy for each, several waits for one file do not meet.
        using var copy = Syscall.Duplicate(handle);
        var id = Interlocked.Increment(ref lastId);
        var waiter = new Waiter();
        Waiters[id] = waiter;
        try
        {
            Syscall.EpollAdd(Epoll.Value, copy, events, id);
            await using var registration = cancellationToken.UnsafeRegister(
                static (state, token) => ((Waiter)state!).TrySetCanceled(token), waiter);
            return await waiter.Task;
        }
        finally
        {
            Waiters.TryRemove(id, out _);
            // Closing would not take it off: the file lives on in the handle that was copied.
            Syscall.EpollRemove(Epoll.Value, copy);
        }
    }

    static SafeFileHandle Begin()
    {
        var epoll = Syscall.EpollCreate();
        new Thread(() => Serve(epoll)) { IsBackground = true, Name = "readiness" }.Start();
        return epoll;
    }

    static void Serve(SafeFileHandle epoll)
    {
        var ready = new (ulong Id, PollEvents Events)[64];
        while (true)
        {
            var count = Syscall.EpollWait(epoll, ready);
            foreach (var (id, events) in ready.AsSpan(0, count))
            {
                if (Waiters.TryRemove(id, out var waiter))
                    waiter.TrySetResult(events);
            }
        }
    }

    // What waits goes on in the pool, never on the one thread.
    sealed class Waiter() : TaskCompletionSource<PollEvents>(TaskCreationOptions.RunContinuationsAsynchronously);
}
