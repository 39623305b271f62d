using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>
/// The system calls, one file a call or tight family, named as their man pages name them. Each throws <see cref="LinuxException"/>;
/// where a missing file is an expected outcome there is a <c>Try…</c>. Every descriptor that is made is close-on-exec. Calls that a signal
/// can interrupt are repeated, so that EINTR never reaches a caller.
/// <para>
/// Paths are spans that end with their only NUL (see <see cref="PathBytes"/>); the overloads with <see cref="string"/> are for names of our own.
/// The directory of an <c>…at</c> call may be <see cref="WorkingDirectory"/>.
/// </para>
/// </summary>
public static partial class Syscall
{
    const string Libc = "libc";

    /// <summary>AT_FDCWD: paths relative to it are relative to the process's working directory. Not to be disposed.</summary>
    public static SafeFileHandle WorkingDirectory { get; } = new((nint)(-100), ownsHandle: false);

    internal static Errno LastError => (Errno)Marshal.GetLastPInvokeError();

    // The calls whose numbers every architecture shares (added since Linux 5.1). glibc 2.36 wraps some of them, older ones none.
    // syscall(2) is variadic; on x86_64 and arm64 integers travel in the same registers either way.
    enum Number
    {
        PidfdSendSignal = 424,
        OpenTree = 428,
        MoveMount = 429,
        FsOpen = 430,
        FsConfig = 431,
        FsMount = 432,
        PidfdOpen = 434,
        OpenAt2 = 437,
        MountSetAttr = 442,
        QuotactlFd = 443,
    }

    static bool Interrupted() => LastError == Errno.EINTR;

    static bool IsMissing(Errno errno) => errno is Errno.ENOENT or Errno.ENOTDIR;

    static LinuxException Failure(string call) => new(LastError, call);

    static LinuxException Failure(string call, SafeFileHandle file)
    {
        var errno = LastError;
        return new(errno, call, PathOf(file));
    }

    static LinuxException Failure(string call, SafeFileHandle directory, ReadOnlySpan<byte> path)
    {
        var errno = LastError;
        return new(errno, call, PathOf(directory, path));
    }

    static SafeFileHandle Own(long descriptor) => new((nint)descriptor, ownsHandle: true);

    /// <summary>
    /// Where an open file lies, for a message: what <c>/proc/self/fd</c> says. The file may have been renamed or removed since it was asked.
    /// </summary>
    public static string PathOf(SafeFileHandle file)
    {
        if (ReferenceEquals(file, WorkingDirectory))
            return ".";

        if (file.IsClosed || file.IsInvalid)
            return "a closed descriptor";

        Span<byte> buffer = stackalloc byte[4096];
        var length = readlinkat(WorkingDirectory, PathBytes.Encode(ProcPath(file)), buffer, (nuint)buffer.Length);
        return length < 0 ? ProcPath(file) : PathBytes.Decode(buffer[..(int)length]);
    }

    internal static string PathOf(SafeFileHandle directory, ReadOnlySpan<byte> path)
    {
        var text = PathBytes.Decode(path);
        if (ReferenceEquals(directory, WorkingDirectory) || text.StartsWith('/'))
            return text;

        return text.Length == 0 ? PathOf(directory) : $"{PathOf(directory)}/{text}";
    }

    // The way to an O_PATH descriptor's inode for the calls that want a path: the magic link leads to it without resolving a name again.
    // The caller keeps the handle alive over the use.
    internal static string ProcPath(SafeFileHandle file) => $"/proc/self/fd/{file.DangerousGetHandle()}";
}
