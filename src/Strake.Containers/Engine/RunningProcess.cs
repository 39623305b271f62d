using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>Finds processes of containers that an earlier engine started.</summary>
static class RunningProcess
{
    /// <summary>The first process of a container, if it lives: the number that the runtime wrote, in the container's cgroup.</summary>
    /// <param name="pidFile">Where the number stands.</param>
    /// <param name="cgroupPath">The container's cgroup; a number that was given anew is not in it.</param>
    public static (int Pid, SafeFileHandle Handle)? Find(string pidFile, string cgroupPath)
    {
        if (!File.Exists(pidFile) || !int.TryParse(File.ReadAllText(pidFile), NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
            return null;
        SafeFileHandle? handle = Syscall.TryPidfdOpen(pid);
        if (handle is null)
            return null;
        // A zombie has no cgroup but the root.
        if (IsIn(pid, cgroupPath))
            return (pid, handle);
        handle.Dispose();
        return null;
    }

    /// <summary>The conmon that holds a container's first process: its parent; 0: it is gone, and somebody else is.</summary>
    public static int ConmonOf(int pid)
    {
        int parent = ParentOf(pid);
        return parent > 0 && IsConmon(parent) ? parent : 0;
    }

    /// <summary>Kills all conmons that belong to a container, those of its execs included, and waits for their ends.</summary>
    public static async Task KillConmonsAsync(string containerId)
    {
        foreach (string path in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) || !IsConmonOf(pid, containerId))
                continue;
            using SafeFileHandle? handle = Syscall.TryPidfdOpen(pid);
            if (handle is not null && IsConmonOf(pid, containerId) && Syscall.PidfdSendSignal(handle, Signal.SIGKILL))
                await Readiness.WaitAsync(handle, PollEvents.Readable, CancellationToken.None);
        }
    }

    /// <summary>Completes at the end of a process that is not our child.</summary>
    public static async Task EndOfAsync(int pid)
    {
        using SafeFileHandle? handle = pid > 0 ? Syscall.TryPidfdOpen(pid) : null;
        if (handle is not null)
            await Readiness.WaitAsync(handle, PollEvents.Readable, CancellationToken.None);
    }

    static bool IsIn(int pid, string cgroupPath) =>
        ReadProc(pid, "cgroup").Split('\n').Any(line => line.EndsWith(":" + cgroupPath, StringComparison.Ordinal));

    // proc_pid_stat(5): pid (comm) state ppid …; comm may hold anything, a closing parenthesis too.
    static int ParentOf(int pid)
    {
        string stat = ReadProc(pid, "stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 1 && int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out int parent) ? parent : 0;
    }

    static bool IsConmon(int pid) => ReadProc(pid, "comm").TrimEnd() == "conmon";

    static bool IsConmonOf(int pid, string containerId)
    {
        if (!IsConmon(pid))
            return false;
        string[] arguments = ReadProc(pid, "cmdline").Split('\0');
        int cid = Array.IndexOf(arguments, "--cid");
        return cid >= 0 && cid + 1 < arguments.Length && arguments[cid + 1] == containerId;
    }

    static string ReadProc(int pid, string name)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{name}"));
        }
        catch (IOException)
        {
            // Observed: the process has ended (ENOENT, ESRCH).
            return "";
        }
    }
}
