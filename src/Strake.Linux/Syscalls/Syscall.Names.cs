using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

public static partial class Syscall
{
    // PATH_MAX: no link is longer.
    const int LongestLink = 4096;

    /// <inheritdoc cref="UnlinkAt(SafeFileHandle, ReadOnlySpan{byte}, AtFlags)"/>
    public static void UnlinkAt(SafeFileHandle directory, string path, AtFlags flags = AtFlags.None) =>
        UnlinkAt(directory, PathBytes.Encode(path), flags);

    /// <summary>Removes a name, or with <see cref="AtFlags.RemoveDirectory"/> an empty directory (<c>unlinkat(2)</c>).</summary>
    /// <exception cref="LinuxException">The call failed; EBUSY where something is mounted there.</exception>
    public static void UnlinkAt(SafeFileHandle directory, ReadOnlySpan<byte> path, AtFlags flags = AtFlags.None)
    {
        var errno = UnlinkAtRaw(directory, path, flags);
        if (errno != Errno.None)
            throw new LinuxException(errno, "unlinkat", PathOf(directory, path));
    }

    /// <inheritdoc cref="TryUnlinkAt(SafeFileHandle, ReadOnlySpan{byte}, AtFlags)"/>
    public static bool TryUnlinkAt(SafeFileHandle directory, string path, AtFlags flags = AtFlags.None) =>
        TryUnlinkAt(directory, PathBytes.Encode(path), flags);

    /// <summary>Removes a directory that is empty and on which nothing is mounted; false where it is not so, or not there: it is as it was.</summary>
    public static bool TryRemoveEmpty(string directory) =>
        UnlinkAtRaw(WorkingDirectory, PathBytes.Encode(directory), AtFlags.RemoveDirectory) == Errno.None;

    /// <summary>Removes a name; false where there is none (ENOENT, ENOTDIR unless a directory was to be removed).</summary>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static bool TryUnlinkAt(SafeFileHandle directory, ReadOnlySpan<byte> path, AtFlags flags = AtFlags.None)
    {
        var errno = UnlinkAtRaw(directory, path, flags);
        if (errno == Errno.None)
            return true;

        // For rmdir, ENOTDIR may mean that a file is in the directory's place: that is no success.
        if (errno == Errno.ENOENT || (errno == Errno.ENOTDIR && !flags.HasFlag(AtFlags.RemoveDirectory)))
            return false;

        throw new LinuxException(errno, "unlinkat", PathOf(directory, path));
    }

    /// <inheritdoc cref="RenameAt(SafeFileHandle, ReadOnlySpan{byte}, SafeFileHandle, ReadOnlySpan{byte}, RenameFlags)"/>
    public static void RenameAt(
        SafeFileHandle sourceDirectory, string source, SafeFileHandle targetDirectory, string target, RenameFlags flags = RenameFlags.None) =>
        RenameAt(sourceDirectory, PathBytes.Encode(source), targetDirectory, PathBytes.Encode(target), flags);

    /// <summary>Renames a file or directory at once (<c>renameat2(2)</c>).</summary>
    /// <exception cref="LinuxException">The call failed; EEXIST with NoReplace, EXDEV across mounts.</exception>
    public static void RenameAt(
        SafeFileHandle sourceDirectory,
        ReadOnlySpan<byte> source,
        SafeFileHandle targetDirectory,
        ReadOnlySpan<byte> target,
        RenameFlags flags = RenameFlags.None)
    {
        PathBytes.Require(source);
        PathBytes.Require(target);
        if (renameat2(sourceDirectory, source, targetDirectory, target, (uint)flags) == 0)
            return;

        var errno = LastError;
        throw new LinuxException(errno, "renameat2", $"{PathOf(sourceDirectory, source)} to {PathOf(targetDirectory, target)}");
    }

    /// <inheritdoc cref="ReadLinkAt(SafeFileHandle, ReadOnlySpan{byte})"/>
    public static byte[] ReadLinkAt(SafeFileHandle directory, string path) => ReadLinkAt(directory, PathBytes.Encode(path));

    /// <summary>What a symbolic link says (<c>readlinkat(2)</c>): bytes, without a NUL.</summary>
    /// <exception cref="LinuxException">The call failed; EINVAL where it is no link.</exception>
    public static byte[] ReadLinkAt(SafeFileHandle directory, ReadOnlySpan<byte> path) =>
        ReadLinkAtRaw(directory, path) ?? throw Failure("readlinkat", directory, path);

    /// <summary>What a symbolic link says, without a NUL; null where there is no such name or it is no link (ENOENT, ENOTDIR, EINVAL).</summary>
    /// <exception cref="LinuxException">The call failed otherwise.</exception>
    public static byte[]? TryReadLinkAt(SafeFileHandle directory, ReadOnlySpan<byte> path)
    {
        var target = ReadLinkAtRaw(directory, path);
        if (target is null && !IsMissing(LastError) && LastError != Errno.EINVAL)
            throw Failure("readlinkat", directory, path);

        return target;
    }

    internal static Errno UnlinkAtRaw(SafeFileHandle directory, ReadOnlySpan<byte> path, AtFlags flags)
    {
        PathBytes.Require(path);
        return unlinkat(directory, path, (int)flags) == 0 ? Errno.None : LastError;
    }

    static byte[]? ReadLinkAtRaw(SafeFileHandle directory, ReadOnlySpan<byte> path)
    {
        // An empty path means the link that an O_PATH descriptor is.
        PathBytes.Require(path);
        Span<byte> buffer = stackalloc byte[LongestLink];
        var length = readlinkat(directory, path, buffer, (nuint)buffer.Length);
        return length < 0 ? null : buffer[..(int)length].ToArray();
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int unlinkat(SafeFileHandle directory, ReadOnlySpan<byte> path, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int renameat2(
        SafeFileHandle sourceDirectory, ReadOnlySpan<byte> source, SafeFileHandle targetDirectory, ReadOnlySpan<byte> target, uint flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial nint readlinkat(SafeFileHandle directory, ReadOnlySpan<byte> path, Span<byte> buffer, nuint size);
}
