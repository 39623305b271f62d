using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

public static partial class Syscall
{
    const int CloseOnExec = 0x80000;
    const int TooManyRaces = 128;

    /// <summary>Opens a file by its path (<c>open(2)</c>); links are followed. For paths that we chose ourselves.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static SafeFileHandle Open(string path, OpenFlags flags, UnixFileMode mode = UnixFileMode.None) =>
        OpenAt(WorkingDirectory, path, flags, mode);

    /// <summary>Opens a file, or returns null where there is none (ENOENT, ENOTDIR).</summary>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static SafeFileHandle? TryOpen(string path, OpenFlags flags, UnixFileMode mode = UnixFileMode.None) =>
        TryOpenAt(WorkingDirectory, PathBytes.Encode(path), flags, mode);

    /// <inheritdoc cref="OpenAt(SafeFileHandle, ReadOnlySpan{byte}, OpenFlags, UnixFileMode)"/>
    public static SafeFileHandle OpenAt(SafeFileHandle directory, string path, OpenFlags flags, UnixFileMode mode = UnixFileMode.None) =>
        OpenAt(directory, PathBytes.Encode(path), flags, mode);

    /// <summary>Opens a file under a directory (<c>openat(2)</c>). The caller disposes the handle.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static SafeFileHandle OpenAt(
        SafeFileHandle directory, ReadOnlySpan<byte> path, OpenFlags flags, UnixFileMode mode = UnixFileMode.None)
    {
        var descriptor = OpenAtRaw(directory, path, flags, mode);
        return descriptor >= 0 ? Own(descriptor) : throw Failure("openat", directory, path);
    }

    /// <summary>Opens a file under a directory, or returns null where there is none (ENOENT, ENOTDIR).</summary>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static SafeFileHandle? TryOpenAt(
        SafeFileHandle directory, ReadOnlySpan<byte> path, OpenFlags flags, UnixFileMode mode = UnixFileMode.None)
    {
        var descriptor = OpenAtRaw(directory, path, flags, mode);
        if (descriptor >= 0)
            return Own(descriptor);

        return IsMissing(LastError) ? null : throw Failure("openat", directory, path);
    }

    /// <inheritdoc cref="OpenAt2(SafeFileHandle, ReadOnlySpan{byte}, OpenFlags, ResolveFlags, UnixFileMode)"/>
    public static SafeFileHandle OpenAt2(
        SafeFileHandle directory, string path, OpenFlags flags, ResolveFlags resolve, UnixFileMode mode = UnixFileMode.None) =>
        OpenAt2(directory, PathBytes.Encode(path), flags, resolve, mode);

    /// <summary>Opens a file under a directory with limits on how the path is resolved (<c>openat2(2)</c>). The caller disposes the handle.</summary>
    /// <exception cref="LinuxException">
    /// The call failed; EXDEV or ELOOP where the path would have broken a limit, EAGAIN where renames raced with <c>..</c> too many times.
    /// </exception>
    public static SafeFileHandle OpenAt2(
        SafeFileHandle directory, ReadOnlySpan<byte> path, OpenFlags flags, ResolveFlags resolve, UnixFileMode mode = UnixFileMode.None)
    {
        var descriptor = OpenAt2Raw(directory, path, flags, resolve, mode);
        return descriptor >= 0 ? Own(descriptor) : throw Failure("openat2", directory, path);
    }

    /// <summary>As <see cref="OpenAt2(SafeFileHandle, ReadOnlySpan{byte}, OpenFlags, ResolveFlags, UnixFileMode)"/>, but null where there is no such file.</summary>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static SafeFileHandle? TryOpenAt2(
        SafeFileHandle directory, ReadOnlySpan<byte> path, OpenFlags flags, ResolveFlags resolve, UnixFileMode mode = UnixFileMode.None)
    {
        var descriptor = OpenAt2Raw(directory, path, flags, resolve, mode);
        if (descriptor >= 0)
            return Own(descriptor);

        return IsMissing(LastError) ? null : throw Failure("openat2", directory, path);
    }

    static int OpenAtRaw(SafeFileHandle directory, ReadOnlySpan<byte> path, OpenFlags flags, UnixFileMode mode)
    {
        PathBytes.Require(path);
        int descriptor;
        do
            descriptor = openat(directory, path, NativeFlags(flags), (uint)mode);
        while (descriptor < 0 && Interrupted());

        return descriptor;
    }

    // openat2 says EAGAIN where a rename or mount elsewhere raced with a "..": the man page's answer is to try again.
    static long OpenAt2Raw(SafeFileHandle directory, ReadOnlySpan<byte> path, OpenFlags flags, ResolveFlags resolve, UnixFileMode mode)
    {
        PathBytes.Require(path);
        // Unlike openat, openat2 refuses a mode where nothing is made.
        var makes = (flags & (OpenFlags.Create | OpenFlags.Nameless)) != OpenFlags.ReadOnly;
        var how = new OpenHow { Flags = (ulong)NativeFlags(flags), Mode = makes ? (ulong)mode : 0, Resolve = (ulong)resolve };
        for (var round = 0; ; round++)
        {
            var descriptor = syscall_openat2(Number.OpenAt2, directory, path, in how, (nuint)Unsafe.SizeOf<OpenHow>());
            if (descriptor >= 0 || LastError is not (Errno.EINTR or Errno.EAGAIN) || round == TooManyRaces)
                return descriptor;
        }
    }

    // arm64 keeps the numbers of 32-bit arm for four flags (arch/arm64/include/uapi/asm/fcntl.h).
    static int NativeFlags(OpenFlags flags)
    {
        if (flags.HasFlag(OpenFlags.Nameless))
            flags |= OpenFlags.Directory;

        var value = (int)flags | CloseOnExec;
        if (RuntimeInformation.ProcessArchitecture != Architecture.Arm64)
            return value;

        const OpenFlags moved = OpenFlags.Direct | OpenFlags.Directory | OpenFlags.NoFollow;
        value &= ~(int)moved;
        value |= flags.HasFlag(OpenFlags.Directory) ? 0x4000 : 0;
        value |= flags.HasFlag(OpenFlags.NoFollow) ? 0x8000 : 0;
        value |= flags.HasFlag(OpenFlags.Direct) ? 0x10000 : 0;
        return value;
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int openat(SafeFileHandle directory, ReadOnlySpan<byte> path, int flags, uint mode);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static partial long syscall_openat2(
        nint number, SafeFileHandle directory, ReadOnlySpan<byte> path, in OpenHow how, nuint size);

    static long syscall_openat2(Number number, SafeFileHandle directory, ReadOnlySpan<byte> path, in OpenHow how, nuint size) =>
        syscall_openat2((nint)number, directory, path, in how, size);

    // struct open_how, linux/openat2.h
    [StructLayout(LayoutKind.Sequential)]
    struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}
