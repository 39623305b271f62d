using System.Runtime.InteropServices;

namespace Strake.Linux;

/// <summary>
/// A system call that failed: which one, on what, and why. Callers that know what the failure means turn it into an error of their own;
/// they look at <see cref="Errno"/>, never at the message.
/// </summary>
public sealed class LinuxException : IOException
{
    /// <summary>Makes the exception of a call that failed.</summary>
    /// <param name="errno">What the kernel said.</param>
    /// <param name="call">The call's name as in its man page, such as <c>openat2</c>.</param>
    /// <param name="path">The path or object the call was about; null where there is none.</param>
    /// <param name="detail">More than errno says, such as the kernel's log of a mount context; null where there is none.</param>
    public LinuxException(Errno errno, string call, string? path = null, string? detail = null)
        : base(Describe(errno, call, path, detail), (int)errno)
    {
        Errno = errno;
        Call = call;
        Path = path;
    }

    /// <summary>What the kernel said.</summary>
    public Errno Errno { get; }

    /// <summary>The call's name as in its man page.</summary>
    public string Call { get; }

    /// <summary>The path or object that the call was about; null where there is none.</summary>
    public string? Path { get; }

    // "openat2 /x/y: No such file or directory (ENOENT)"
    static string Describe(Errno errno, string call, string? path, string? detail)
    {
        var subject = path is null ? call : $"{call} {path}";
        var text = $"{subject}: {Marshal.GetPInvokeErrorMessage((int)errno)} ({errno})";
        return detail is null ? text : $"{text}: {detail}";
    }
}
