using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

public static partial class Syscall
{
    /// <inheritdoc cref="MkdirAt(SafeFileHandle, ReadOnlySpan{byte}, UnixFileMode)"/>
    public static void MkdirAt(SafeFileHandle directory, string path, UnixFileMode mode) =>
        MkdirAt(directory, PathBytes.Encode(path), mode);

    /// <summary>Makes a directory (<c>mkdirat(2)</c>); the umask takes bits off the mode.</summary>
    /// <exception cref="LinuxException">The call failed; EEXIST where the name is taken.</exception>
    public static void MkdirAt(SafeFileHandle directory, ReadOnlySpan<byte> path, UnixFileMode mode)
    {
        PathBytes.Require(path);
        if (mkdirat(directory, path, (uint)mode) < 0)
            throw Failure("mkdirat", directory, path);
    }

    /// <summary>Makes a directory; false where the name is taken, by whatever.</summary>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static bool TryMkdirAt(SafeFileHandle directory, ReadOnlySpan<byte> path, UnixFileMode mode)
    {
        PathBytes.Require(path);
        if (mkdirat(directory, path, (uint)mode) == 0)
            return true;

        return LastError == Errno.EEXIST ? false : throw Failure("mkdirat", directory, path);
    }

    /// <inheritdoc cref="MknodAt(SafeFileHandle, ReadOnlySpan{byte}, FileKind, UnixFileMode, DeviceNumber)"/>
    public static void MknodAt(SafeFileHandle directory, string path, FileKind kind, UnixFileMode mode, DeviceNumber device = default) =>
        MknodAt(directory, PathBytes.Encode(path), kind, mode, device);

    /// <summary>Makes a device, fifo, socket or regular file (<c>mknodat(2)</c>); the umask takes bits off the mode.</summary>
    /// <exception cref="LinuxException">The call failed; EPERM where devices may not be made.</exception>
    public static void MknodAt(
        SafeFileHandle directory, ReadOnlySpan<byte> path, FileKind kind, UnixFileMode mode, DeviceNumber device = default)
    {
        PathBytes.Require(path);
        if (mknodat(directory, path, ((uint)kind << 12) | (uint)mode, device.ToDev()) < 0)
            throw Failure("mknodat", directory, path);
    }

    /// <summary>Makes a fifo (<c>mkfifoat(3)</c>); the umask takes bits off the mode.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void MkfifoAt(SafeFileHandle directory, string path, UnixFileMode mode) =>
        MknodAt(directory, path, FileKind.Fifo, mode);

    /// <inheritdoc cref="SymlinkAt(ReadOnlySpan{byte}, SafeFileHandle, ReadOnlySpan{byte})"/>
    public static void SymlinkAt(string target, SafeFileHandle directory, string path) =>
        SymlinkAt(PathBytes.Encode(target), directory, PathBytes.Encode(path));

    /// <summary>Makes a symbolic link at <paramref name="path"/> that says <paramref name="target"/> (<c>symlinkat(2)</c>).</summary>
    /// <exception cref="LinuxException">The call failed; EEXIST where the name is taken.</exception>
    public static void SymlinkAt(ReadOnlySpan<byte> target, SafeFileHandle directory, ReadOnlySpan<byte> path)
    {
        PathBytes.Require(target);
        PathBytes.Require(path);
        if (symlinkat(target, directory, path) < 0)
            throw Failure("symlinkat", directory, path);
    }

    /// <summary>Makes another name of a file (<c>linkat(2)</c>); a link as the last component of the source is not followed.</summary>
    /// <exception cref="LinuxException">The call failed; EXDEV across file systems or mounts.</exception>
    public static void LinkAt(
        SafeFileHandle sourceDirectory, ReadOnlySpan<byte> source, SafeFileHandle targetDirectory, ReadOnlySpan<byte> target, AtFlags flags = AtFlags.None)
    {
        PathBytes.Require(source);
        PathBytes.Require(target);
        if (linkat(sourceDirectory, source, targetDirectory, target, (int)flags) < 0)
            throw Failure("linkat", targetDirectory, target);
    }

    /// <summary>Gives an open file (O_PATH or O_TMPFILE too) a name: linkat with AT_EMPTY_PATH, or through /proc where that is not allowed.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void LinkAt(SafeFileHandle file, SafeFileHandle targetDirectory, ReadOnlySpan<byte> target)
    {
        PathBytes.Require(target);
        if (linkat(file, EmptyPath, targetDirectory, target, (int)AtFlags.EmptyPath) == 0)
            return;

        // Without CAP_DAC_READ_SEARCH, AT_EMPTY_PATH is ENOENT before Linux 6.10.
        if (LastError != Errno.ENOENT)
            throw Failure("linkat", targetDirectory, target);

        LinkAt(WorkingDirectory, PathBytes.Encode(ProcPath(file)), targetDirectory, target, AtFlags.SymlinkFollow);
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int mkdirat(SafeFileHandle directory, ReadOnlySpan<byte> path, uint mode);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int mknodat(SafeFileHandle directory, ReadOnlySpan<byte> path, uint mode, ulong device);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int symlinkat(ReadOnlySpan<byte> target, SafeFileHandle directory, ReadOnlySpan<byte> path);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int linkat(
        SafeFileHandle sourceDirectory, ReadOnlySpan<byte> source, SafeFileHandle targetDirectory, ReadOnlySpan<byte> target, int flags);
}
