using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

public static partial class Syscall
{
    const int IdPid = 1;         // P_PID
    const int IdPidfd = 3;       // P_PIDFD, since Linux 5.4
    const int WaitNoHang = 1;    // WNOHANG
    const int WaitExited = 4;    // WEXITED
    const int CldExited = 1;     // CLD_EXITED; CLD_KILLED 2, CLD_DUMPED 3

    /// <summary>
    /// Collects a child that has ended, so that no zombie is left (<c>waitid(2)</c> with P_PIDFD); null while it runs. Can be had once: after that
    /// it is ECHILD, as for a process that is no child of ours.
    /// </summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static ExitStatus? TryWait(SafeFileHandle process)
    {
        var status = WaitId(IdPidfd, (uint)process.DangerousGetHandle());
        GC.KeepAlive(process);
        return status;
    }

    /// <summary>As <see cref="TryWait(SafeFileHandle)"/>, by number: for orphans that came to us as their sub-reaper.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static ExitStatus? TryWait(int pid) => WaitId(IdPid, (uint)pid);

    // On this thread, until it ends: for a child that was just killed.
    internal static void Wait(int pid) => WaitId(IdPid, (uint)pid, WaitExited);

    static ExitStatus? WaitId(int idKind, uint id, int options = WaitExited | WaitNoHang)
    {
        ChildSignal child;
        while (waitid(idKind, id, out child, options) < 0)
        {
            if (!Interrupted())
                throw new LinuxException(LastError, "waitid", $"{(idKind == IdPid ? "process" : "pidfd")} {id}");
        }

        return child.Status;
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int waitid(int idKind, uint id, out ChildSignal child, int options);

    // siginfo_t of SIGCHLD, the same on x86_64 and arm64 (asm-generic/siginfo.h): si_signo, si_errno, si_code, padding, si_pid, si_uid, si_status
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    readonly struct ChildSignal
    {
        readonly int signal;
        readonly int errno;
        readonly int code;
        readonly int padding;
        readonly int pid;
        readonly uint uid;
        readonly int status;

        public ExitStatus? Status => pid == 0 ? null : code == CldExited ? ExitStatus.Exited(status) : ExitStatus.Killed((Signal)status);
    }
}
