using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

public static partial class Syscall
{
    /// <summary>Leaves an owner or a group as it is, in the calls that change both.</summary>
    public const uint KeepOwner = uint.MaxValue;

    /// <summary>Changes the owner of a file by its name (<c>fchownat(2)</c>); a link is not followed unless the flags say so. Clears set-user-ID bits and capabilities.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void ChownAt(
        SafeFileHandle directory, ReadOnlySpan<byte> path, uint uid, uint gid, AtFlags flags = AtFlags.SymlinkNoFollow)
    {
        PathBytes.Require(path);
        if (fchownat(directory, path, uid, gid, (int)flags) < 0)
            throw Failure("fchownat", directory, path);
    }

    /// <summary>Changes the owner of an open file, O_PATH ones too (<c>fchownat(2)</c> with AT_EMPTY_PATH).</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void Chown(SafeFileHandle file, uint uid, uint gid)
    {
        if (fchownat(file, EmptyPath, uid, gid, (int)AtFlags.EmptyPath) < 0)
            throw Failure("fchownat", file);
    }

    /// <summary>Changes the mode of an open file (<c>fchmod(2)</c>); of an O_PATH one through /proc. Never that of a link: links have none.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void Chmod(SafeFileHandle file, UnixFileMode mode)
    {
        if (fchmod(file, (uint)mode) == 0)
            return;

        // An O_PATH descriptor has no content to act on: EBADF.
        if (LastError != Errno.EBADF || fchmodat(WorkingDirectory, PathBytes.Encode(ProcPath(file)), (uint)mode, 0) < 0)
            throw Failure("fchmod", file);
    }

    /// <inheritdoc cref="ChmodAt(SafeFileHandle, ReadOnlySpan{byte}, UnixFileMode)"/>
    public static void ChmodAt(SafeFileHandle directory, string path, UnixFileMode mode) =>
        ChmodAt(directory, PathBytes.Encode(path), mode);

    /// <summary>Changes the mode of a file by its name without following a link: opened with O_PATH|O_NOFOLLOW first, for fchmodat(2) follows.</summary>
    /// <exception cref="LinuxException">The call failed; ELOOP where the name is a symbolic link.</exception>
    public static void ChmodAt(SafeFileHandle directory, ReadOnlySpan<byte> path, UnixFileMode mode)
    {
        using var file = OpenAt(directory, path, OpenFlags.Path | OpenFlags.NoFollow);
        if (Stat(file, StatFields.Basic).Kind == FileKind.SymbolicLink)
            throw new LinuxException(Errno.ELOOP, "fchmodat", PathOf(directory, path));

        Chmod(file, mode);
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int fchownat(SafeFileHandle directory, ReadOnlySpan<byte> path, uint uid, uint gid, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int fchmod(SafeFileHandle file, uint mode);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int fchmodat(SafeFileHandle directory, ReadOnlySpan<byte> path, uint mode, int flags);
}
