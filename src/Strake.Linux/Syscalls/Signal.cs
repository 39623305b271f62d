namespace Strake.Linux;

/// <summary>The signals of Linux (<c>signal(7)</c>), numbered as on x86_64 and arm64.</summary>
public enum Signal
{
    /// <summary>No signal: only whether the process is there.</summary>
    None = 0,

    /// <summary>Hangup.</summary>
    SIGHUP = 1,

    /// <summary>Interrupt.</summary>
    SIGINT = 2,

    /// <summary>Quit.</summary>
    SIGQUIT = 3,

    /// <summary>Illegal instruction.</summary>
    SIGILL = 4,

    /// <summary>Trace/breakpoint trap.</summary>
    SIGTRAP = 5,

    /// <summary>Aborted.</summary>
    SIGABRT = 6,

    /// <summary>Bus error.</summary>
    SIGBUS = 7,

    /// <summary>Floating point exception.</summary>
    SIGFPE = 8,

    /// <summary>Killed.</summary>
    SIGKILL = 9,

    /// <summary>User defined signal 1.</summary>
    SIGUSR1 = 10,

    /// <summary>Segmentation fault.</summary>
    SIGSEGV = 11,

    /// <summary>User defined signal 2.</summary>
    SIGUSR2 = 12,

    /// <summary>Broken pipe.</summary>
    SIGPIPE = 13,

    /// <summary>Alarm clock.</summary>
    SIGALRM = 14,

    /// <summary>Terminated.</summary>
    SIGTERM = 15,

    /// <summary>Stack fault.</summary>
    SIGSTKFLT = 16,

    /// <summary>Child exited.</summary>
    SIGCHLD = 17,

    /// <summary>Continued.</summary>
    SIGCONT = 18,

    /// <summary>Stopped (signal).</summary>
    SIGSTOP = 19,

    /// <summary>Stopped.</summary>
    SIGTSTP = 20,

    /// <summary>Stopped (tty input).</summary>
    SIGTTIN = 21,

    /// <summary>Stopped (tty output).</summary>
    SIGTTOU = 22,

    /// <summary>Urgent I/O condition.</summary>
    SIGURG = 23,

    /// <summary>CPU time limit exceeded.</summary>
    SIGXCPU = 24,

    /// <summary>File size limit exceeded.</summary>
    SIGXFSZ = 25,

    /// <summary>Virtual timer expired.</summary>
    SIGVTALRM = 26,

    /// <summary>Profiling timer expired.</summary>
    SIGPROF = 27,

    /// <summary>Window changed.</summary>
    SIGWINCH = 28,

    /// <summary>I/O possible.</summary>
    SIGIO = 29,

    /// <summary>Power failure.</summary>
    SIGPWR = 30,

    /// <summary>Bad system call.</summary>
    SIGSYS = 31,
}
