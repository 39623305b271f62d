using Strake.Linux;

namespace Strake.Containers.Runtime;

/// <summary>
/// Makes the next moves of processes between cgroups cheap. The kernel guards such moves with a lock whose first use after
/// a pause waits for an RCU grace period, 5 to 17 ms here, which is more than all else that crun does; for some 20 ms
/// afterwards it is free (kernel/rcu/sync.c). The wait is spent while a container is being prepared, by moving this
/// process to the cgroup where it is.
/// </summary>
sealed class CgroupWarmUp
{
    // Half of the time for which it lasts.
    static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(10);

    readonly string? processes = FindFile();
    int isMoving;

    /// <summary>Begins to wait, in the background. Harmless when it cannot be done, or when it is done too often.</summary>
    public void Begin()
    {
        if (processes is not null && Interlocked.Exchange(ref isMoving, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static self => self.Move(), this, preferLocal: false);
    }

    /// <summary>Keeps moves cheap until the result is disposed: while a container waits for somebody else, such as a volume's plugin.</summary>
    /// <param name="time">The clock.</param>
    public IDisposable Hold(TimeProvider time) => time.CreateTimer(static self => ((CgroupWarmUp)self!).Begin(), this, TimeSpan.Zero, s_period);

    void Move()
    {
        try
        {
            using var procs = Syscall.TryOpen(processes!, OpenFlags.WriteOnly);
            if (procs is not null)
                Syscall.TryWrite(procs, "0"u8);
        }
        catch (LinuxException)
        {
            // Only time was to be won: a cgroup that may not be written to takes nothing from the start that follows.
        }
        finally
        {
            Volatile.Write(ref isMoving, 0);
        }
    }

    // cgroups(7), /proc/PID/cgroup:  hierarchy-ID:controller-list:cgroup-path
    //                                (1)          (2)             (3)
    // Any hierarchy will do: the lock is one for all.
    static string? FindFile()
    {
        foreach (string line in File.ReadLines("/proc/self/cgroup"))
        {
            if (line.Split(':', 3) is not [_, var controllers, var path] || controllers.StartsWith("name=", StringComparison.Ordinal))
                continue;
            string hierarchy = controllers.Length == 0 ? "" : "/" + controllers;
            string file = $"/sys/fs/cgroup{hierarchy}{path.TrimEnd('/')}/cgroup.procs";
            if (File.Exists(file))
                return file;
        }

        return null;
    }
}
