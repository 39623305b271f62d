using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <remarks>Of this process, or of the calling thread where the call says so.</remarks>
public static partial class Syscall
{
    /// <summary>The number of this process (<c>getpid(2)</c>).</summary>
    public static int GetPid() => Environment.ProcessId;

    /// <summary>The effective user (<c>geteuid(2)</c>); 0 is root.</summary>
    public static uint GetEuid() => geteuid();

    /// <summary>Sets the bits that are taken off modes of what is made (<c>umask(2)</c>), for the whole process; returns those before.</summary>
    public static UnixFileMode Umask(UnixFileMode mask) => (UnixFileMode)umask((uint)mask);

    /// <summary>Leaves what the calling thread shares (<c>unshare(2)</c>). The thread must be one of our own that ends afterwards, never the pool's.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void Unshare(Namespaces namespaces)
    {
        if (unshare((int)namespaces) < 0)
            throw Failure("unshare");
    }

    /// <summary>Moves the calling thread to a namespace (<c>setns(2)</c>). The thread must be one of our own that ends afterwards, never the pool's.</summary>
    /// <param name="handle">A file of /proc/PID/ns, or a pidfd.</param>
    /// <param name="namespaces">Which; for a file of ns it may be None.</param>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void SetNs(SafeFileHandle handle, Namespaces namespaces)
    {
        if (setns(handle, (int)namespaces) < 0)
            throw Failure("setns", handle);
    }

    /// <summary>
    /// Changes the working directory (<c>chdir(2)</c>): of all threads, but for one that does not share it any more (<see cref="Namespaces.FileSystem"/>).
    /// </summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void Chdir(string path)
    {
        var bytes = PathBytes.Encode(path);
        if (chdir(bytes) < 0)
            throw Failure("chdir", WorkingDirectory, bytes);
    }

    /// <summary>Makes orphans of this process's descendants its children (<c>prctl(2)</c> PR_SET_CHILD_SUBREAPER); it has to collect them then.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void SetChildSubreaper(bool subreaper)
    {
        const int setChildSubreaper = 36;
        if (prctl(setChildSubreaper, subreaper ? 1 : 0, 0, 0, 0) < 0)
            throw Failure("prctl PR_SET_CHILD_SUBREAPER");
    }

    [LibraryImport(Libc)]
    private static partial uint geteuid();

    [LibraryImport(Libc)]
    private static partial uint umask(uint mask);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int chdir(ReadOnlySpan<byte> path);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int unshare(int flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int setns(SafeFileHandle handle, int kind);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int prctl(int option, nint a, nint b, nint c, nint d);
}
