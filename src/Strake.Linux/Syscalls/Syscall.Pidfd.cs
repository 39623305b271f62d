using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

public static partial class Syscall
{
    /// <summary>A handle of a process, which keeps meaning that process when its number is given anew (<c>pidfd_open(2)</c>); null where there is none (ESRCH).</summary>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static SafeFileHandle? TryPidfdOpen(int pid)
    {
        var descriptor = syscall_pidfd_open((nint)Number.PidfdOpen, pid, 0);
        if (descriptor >= 0)
            return Own(descriptor);

        return LastError == Errno.ESRCH ? null : throw new LinuxException(LastError, "pidfd_open", $"process {pid}");
    }

    /// <summary>Sends a signal to a process by its handle (<c>pidfd_send_signal(2)</c>); false where it has ended (ESRCH).</summary>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static bool PidfdSendSignal(SafeFileHandle process, Signal signal)
    {
        if (syscall_pidfd_send_signal((nint)Number.PidfdSendSignal, process, (int)signal, 0, 0) == 0)
            return true;

        return LastError == Errno.ESRCH ? false : throw Failure("pidfd_send_signal");
    }

    // To all of the process's group (PIDFD_SIGNAL_PROCESS_GROUP, since Linux 6.9); before that by number, which is the group's as long as it has a member.
    internal static bool PidfdSendSignalToGroup(SafeFileHandle process, int group, Signal signal)
    {
        const nint processGroup = 4;
        if (syscall_pidfd_send_signal((nint)Number.PidfdSendSignal, process, (int)signal, 0, processGroup) == 0)
            return true;

        return LastError switch
        {
            Errno.EINVAL => Kill(-group, signal),
            Errno.ESRCH => false,
            _ => throw Failure("pidfd_send_signal"),
        };
    }

    /// <summary>Sends a signal by number (<c>kill(2)</c>): to a process, or to a process group if negative; false where there is none (ESRCH).</summary>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static bool Kill(int pid, Signal signal)
    {
        if (kill(pid, (int)signal) == 0)
            return true;

        return LastError == Errno.ESRCH ? false : throw new LinuxException(LastError, "kill", $"process {pid}");
    }

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static partial long syscall_pidfd_open(nint number, nint pid, nint flags);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static partial long syscall_pidfd_send_signal(nint number, SafeFileHandle process, nint signal, nint info, nint flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
